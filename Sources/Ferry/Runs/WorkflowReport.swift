public import FerryDevices

/// What a run of a workflow made, and what it cost.
public struct WorkflowReport: Sendable {
  /// The device.
  public let device: Device
  /// Who gave up device memory first.
  public let policy: PoolPolicy
  /// The device bytes that models could hold together.
  public let budget: Int
  /// The most bytes that they held.
  public let peakBytes: Int
  /// The bytes that came to the device.
  public let bytesMoved: Int
  /// Those of them that went through rings, for models larger than the budget.
  public let bytesStreamed: Int
  /// What caches of sessions cost, which are beside the budget and the bytes moved.
  public let caches: CacheCost
  /// The fewest bytes that this sequence can move in this budget, by Belady's algorithm on pages of a byte.
  public let lowerBound: Int
  /// How long it took, in seconds, from the first request to the last result.
  public let seconds: Double
  /// What each model cost, in the order of the file.
  public let models: [ModelCost]
  /// What each stage cost, in order.
  public let stages: [StageCost]
  /// What was made, in the order it was.
  public let outcomes: [Outcome]
  /// What happened when.
  public let timeline: WorkflowTimeline

  /// What a model cost.
  public struct ModelCost: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Its device bytes, in whole pages.
    public let byteCount: Int
    /// How often some of it came.
    public let loads: Int
    /// The bytes that came.
    public let bytesMoved: Int
    /// Those of them that went through a ring.
    public let bytesStreamed: Int
    /// What the caches of its sessions cost.
    public let caches: CacheCost
    /// How long steps waited for it.
    public let waits: Waits
  }

  /// What it cost that caches of sessions left the device with their model, and came back.
  public struct CacheCost: Sendable, Hashable {
    /// The bytes that were written to the host.
    public let bytesWritten: Int
    /// How long that took, in seconds, while other models came.
    public let secondsWriting: Double
    /// The bytes that came back.
    public let bytesReturned: Int
    /// How long that took, in seconds, before steps computed.
    public let secondsReturning: Double
  }

  /// How long steps waited for a model, in seconds.
  public struct Waits: Sendable, Hashable {
    /// Until its first page was there: nothing could compute.
    public let firstPage: Double
    /// Until all pages that stay were there; a pass may begin with the first and overtake none.
    public let allPages: Double
    /// For pages that go through a ring, in all passes.
    public let ring: Double
  }

  /// What a stage cost, all items together.
  public struct StageCost: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// The name of its model.
    public let model: String
    /// How long it computed, in seconds, once all pages that stay were there.
    public let seconds: Double
    /// How long it waited for its model.
    public let waits: Waits
  }

  /// What a stage made of an item.
  public struct Outcome: Sendable, Hashable {
    /// The number of the item, from 0 on.
    public let item: Int
    /// The name of the stage.
    public let stage: String
    /// The text it made; of an image, its path.
    public let text: String
    /// Whether it is an image.
    public let isImage: Bool
    /// The reason a generated text ended; nil for other results.
    public let finishReason: FinishReason?
  }
}
