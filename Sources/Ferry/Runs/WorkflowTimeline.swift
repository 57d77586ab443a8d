import FerryCheckpoints
import FerryResidency

/// What happened when in a run of a workflow. Times are in seconds from its first load or request.
public struct WorkflowTimeline: Sendable, Hashable {
  /// The models.
  public let models: [Model]
  /// The device bytes that they could hold together.
  public let budget: Int
  /// What happened, in the order it ended.
  public let spans: [Span]

  /// A model, and how it comes in parts.
  public struct Model: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// The device bytes of its pages, in the order the forward pass needs them.
    public let pages: [Int]

    /// Its device bytes.
    public var byteCount: Int { pages.reduce(0, +) }
  }

  /// What happens between two moments.
  public struct Span: Sendable, Hashable {
    /// What happens.
    public enum Kind: String, Sendable, CaseIterable {
      /// Bytes come.
      case arrival
      /// Memory for a ring is made; nothing is copied.
      case ring
      /// Bytes go through a ring, while a step computes.
      case stream
      /// Bytes go: memory is given back, nothing is copied.
      case departure
      /// Caches of sessions are written to the host: nothing of their model is on the device any more.
      case writeBack
      /// A session's cache comes back, for a step that computes.
      case bringBack
      /// A step waits: the first page of its model is not there.
      case wait
      /// A step may compute, while other pages of its model come.
      case overlap
      /// A step computes, with all pages there that stay.
      case compute
    }

    /// What happens.
    public let kind: Kind
    /// The number of the model.
    public let model: Int
    /// From when.
    public let start: Double
    /// Until when.
    public let end: Double
    /// The bytes that come or go.
    public let bytes: Int
    /// The stage that waits or computes; empty for bytes.
    public let stage: String
    /// Of a step that computes: how many passes through the model it made.
    public let passes: Int
    /// Of a step that computes: how long it waited meanwhile for pages of a ring, in seconds.
    public let waited: Double

    init(
      kind: Kind, model: Int, start: Double, end: Double, bytes: Int, stage: String,
      passes: Int = 0, waited: Double = 0
    ) {
      (self.kind, self.model, self.start, self.end) = (kind, model, start, end)
      (self.bytes, self.stage, self.passes, self.waited) = (bytes, stage, passes, waited)
    }

    /// How long it computed.
    var computeSeconds: Double { max(0, end - start - waited) }
  }

  /// When the last of it ended.
  public var seconds: Double { spans.map(\.end).max() ?? 0 }

  /// The spans of a kind.
  func spans(_ kind: Span.Kind) -> [Span] { spans.filter { $0.kind == kind } }

  /// The most bytes that models held together: what comes counts from its beginning, what goes to its end.
  var peakBytes: Int {
    let changes = spans.compactMap { span -> (time: Double, bytes: Int)? in
      switch span.kind {
      case .arrival, .ring: (span.start, span.bytes)
      case .departure: (span.end, -span.bytes)
      case .wait, .overlap, .compute, .stream, .writeBack, .bringBack: nil
      }
    }
    var (held, peak) = (0, 0)
    for change in changes.sorted(by: { ($0.time, $0.bytes) < ($1.time, $1.bytes) }) {
      held += change.bytes
      peak = max(peak, held)
    }
    return peak
  }

  // MARK: as a trace

  /// The requests as they were made.
  var trace: RequestTrace {
    RequestTrace(
      models: models.map { .init(name: $0.name, segments: $0.pages) },
      requests: spans(.compute).map {
        .init(model: $0.model, seconds: $0.computeSeconds, passes: max(1, $0.passes))
      })
  }

  /// The requests as a document that `ferry plan` reads: models with their segments, and `[model, seconds, passes]` for
  /// each request. What caches of sessions cost is there, too, as `[model, "out" or "in", bytes, start, seconds]`; they are
  /// beside the budget, and a plan leaves them out.
  public var traceDocument: String {
    let models = models.map { model in
      JSONValue.Member(
        model.name,
        .object([.init("segments", .array(model.pages.map { .integer($0) }))]))
    }
    let requests = trace.requests.map { request in
      JSONValue.array([
        .string(self.models[request.model].name), .number("\(request.seconds)"),
        .integer(request.passes),
      ])
    }
    let caches = spans.filter { $0.kind == .writeBack || $0.kind == .bringBack }.map { span in
      JSONValue.array([
        .string(self.models[span.model].name), .string(span.kind == .writeBack ? "out" : "in"),
        .integer(span.bytes), .number("\(span.start)"), .number("\(span.end - span.start)"),
      ])
    }
    let document = JSONValue.object(
      [.init("models", .object(models)), .init("requests", .array(requests))]
        + (caches.isEmpty ? [] : [.init("caches", .array(caches))]))
    return document.serialized(.indented) + "\n"
  }
}
