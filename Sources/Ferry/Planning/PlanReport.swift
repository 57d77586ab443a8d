/// What a workflow or a trace would cost on a device of a certain size, by one policy and another.
public struct PlanReport: Sendable {
  /// The names of the models.
  public let models: [String]
  /// Their sizes, in bytes.
  public let modelBytes: [Int]
  /// How many requests there are.
  public let requestCount: Int
  /// The device bytes that models may hold together.
  public let budget: Int
  /// The rate of the link, in bytes a second.
  public let bytesPerSecond: Double
  /// The fewest bytes that can be moved, by Belady's algorithm on pages of a byte.
  public let lowerBound: Int
  /// What each policy costs.
  public let policies: [PolicyCost]

  /// What one policy costs.
  public struct PolicyCost: Sendable {
    /// Its name: `look-ahead` knows the future, `expected-reuse` is the default without it, `lru` what others do.
    public let name: String
    /// The bytes that come over the link.
    public let bytesMoved: Int
    /// How long requests wait for bytes.
    public let stallSeconds: Double
    /// When the last request is done.
    public let totalSeconds: Double
    /// What happens when.
    public let timeline: [Span]
  }

  /// What happens between two moments.
  public struct Span: Sendable, Hashable {
    /// `load` (a request waits), `prefetch`, `compute`, or `stream` (it computes, and pages go through a ring
    /// meanwhile).
    public let kind: String
    /// The number of the model.
    public let model: Int
    /// From when, in seconds.
    public let start: Double
    /// Until when.
    public let end: Double
  }
}
