/// A sequence of requests for models: recorded, generated, or what a workflow will ask for.
package struct RequestTrace: Hashable, Sendable {
  /// A model as a plan sees it.
  package struct Model: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// The device bytes of its segments, in the order the forward pass needs them.
    package var segments: [Int]

    /// Its device bytes.
    package var byteCount: Int { segments.reduce(0, +) }

    /// A model of these segments.
    package init(name: String, segments: [Int]) {
      self.name = name
      self.segments = segments
    }
  }

  /// One use of a model.
  package struct Request: Hashable, Sendable {
    /// The number of the model in ``RequestTrace/models``.
    package var model: Int
    /// How long it computes once it is there.
    package var seconds: Double

    /// A request.
    package init(model: Int, seconds: Double) {
      self.model = model
      self.seconds = seconds
    }
  }

  /// The models.
  package var models: [Model]
  /// The requests, in the order they are served.
  package var requests: [Request]

  /// A trace.
  package init(models: [Model], requests: [Request]) {
    self.models = models
    self.requests = requests
  }

  /// The bytes of the largest model that is asked for: the smallest budget that serves the trace.
  package var largestRequest: Int {
    Set(requests.map(\.model)).map { models[$0].byteCount }.max() ?? 0
  }
}
