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

    /// The smallest budget in which it runs, through a ring where it does not fit.
    package var leastBytes: Int { min(byteCount, RingPlan.leastBytes(segments)) }

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
    /// How many passes through the model that takes: a token each, a tile each. Of a model larger than the budget,
    /// each brings anew what does not stay.
    package var passes: Int

    /// A request.
    package init(model: Int, seconds: Double, passes: Int = 1) {
      precondition(passes > 0)
      (self.model, self.seconds, self.passes) = (model, seconds, passes)
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

  /// The smallest budget that serves the trace, with models in rings where they do not fit.
  package var leastBudget: Int { mostDemanding?.leastBytes ?? 0 }

  /// The model that decides that.
  package var mostDemanding: Model? {
    Set(requests.map(\.model)).sorted().map { models[$0] }.max { $0.leastBytes < $1.leastBytes }
  }

  /// Whether the bytes that its passes use can be counted.
  package var isCountable: Bool {
    var total = 0
    for request in requests {
      let (bytes, isTooMuch) = models[request.model].byteCount.multipliedReportingOverflow(
        by: request.passes)
      // Twice as many may be on paper at a time.
      guard !isTooMuch, bytes <= .max / 4 - total else { return false }
      total += bytes
    }
    return true
  }

  /// The bytes of the largest model that is asked for: the smallest budget in which none needs a ring.
  package var largestRequest: Int {
    Set(requests.map(\.model)).map { models[$0].byteCount }.max() ?? 0
  }
}
