public import FerryDevices
public import FerryResidency
import FerryTensors
import Synchronization

/// Models that share the memory of one device, which need not hold them all.
///
///     let pool = try ModelPool(engine, on: .cuda(0), budget: .bytes(20_000_000_000))
///     try await pool.register("writer", "SmolLM2-nf4")
///     try await pool.register("finder", "all-MiniLM-L6-v2")
///     let text = try await pool.withModel("writer") { try await $0.generate("Hello").text }
///
/// Inside ``withModel(_:_:)`` a model is on the device and stays; what has to go for it goes, and no more than
/// that: switching from one model to another evicts only as many pages as the other lacks. Models stay on the
/// host, so that leaving the device copies nothing. A model larger than the budget runs through a ring of its
/// pages, the next ones on their way while one computes.
///
/// The budget is for weights. What a session needs beside them (its cache of keys and values, scratch memory
/// while it computes) comes from the rest of the device: leave `headRoom` for it.
public final class ModelPool: Sendable {
  /// The device.
  public let device: Device
  /// The device bytes that its models may hold together; fewer while other processes leave fewer free.
  public let budget: Int
  let pool: ResidencyPool
  private let engine: Engine
  private let context: DeviceContext
  private let pageByteCount: Int
  private let observer: PoolTransferObserver?
  let members = Mutex<[String: PooledMember]>([:])

  /// How a pool works.
  public struct Options: Sendable {
    /// Who gives up memory first.
    public var policy: PoolPolicy
    /// How long a request may wait behind others for models that are there already, in seconds.
    public var patience: Double
    /// Models come and go in pages of about so many bytes: smaller ones evict less that is needed again, larger
    /// ones copy faster. Nil: a 64th of the budget, from 1 to 64 MiB.
    public var pageByteCount: Int?

    /// The defaults: what past requests tell, two seconds, pages that suit the budget.
    public init(
      policy: PoolPolicy = .expectedReuse, patience: Double = 2, pageByteCount: Int? = nil
    ) {
      self.policy = policy
      self.patience = patience
      self.pageByteCount = pageByteCount
    }
  }

  /// A pool without models on a device of `engine`.
  ///
  /// - Parameters:
  ///   - budget: The room for weights.
  ///   - headRoom: The bytes of the device that weights leave free, whatever the budget is.
  public convenience init(
    _ engine: Engine, on device: Device, budget: MemoryAmount = .share(0.9), headRoom: Int = 0,
    options: Options = Options()
  ) throws {
    try self.init(
      engine, on: device, budget: budget, headRoom: headRoom, options: options, observer: nil)
  }

  init(
    _ engine: Engine, on device: Device, budget: MemoryAmount, headRoom: Int, options: Options,
    observer: PoolTransferObserver?
  ) throws {
    let context = try engine.context(for: device)
    let budget = try budget.deviceBudget(on: context, headRoom: headRoom)
    self.device = device
    self.budget = budget.capacity(of: nil, held: 0)
    self.engine = engine
    self.context = context
    self.observer = observer
    pageByteCount =
      options.pageByteCount
      ?? PagedWeights.pageByteCount(
        within: self.budget, granularity: context.backend.reservations?.granularity ?? 1)
    pool = ResidencyPool(
      options: PoolOptions(policy: options.policy.eviction, patience: options.patience),
      budget: budget, on: context)
  }
}

// MARK: - Models

extension ModelPool {
  /// Adds a model by its checkpoint, which is mapped, or read to host memory where it must be decoded: a language
  /// model, an encoder, or a network that enlarges images. Nothing comes to the device before somebody asks for it.
  public func register(_ name: String, _ path: String) async throws {
    if try ModelPreview(path: path).skill == .upscale {
      try await register(name, engine.loadUpscaler(path))
    } else {
      try await register(name, engine.load(path))
    }
  }

  /// Adds a model that is loaded already. Its host copy is shared: the model given may move on its own, and be
  /// in other pools.
  public func register(_ name: String, _ model: Model) async throws {
    try await register(name, model.weights) { .model(model.pooled(as: $0)) }
  }

  /// Adds a network that is loaded already, in the same way.
  public func register(_ name: String, _ model: UpscalingModel) async throws {
    try await register(name, model.weights) { .upscaler(model.pooled(as: $0)) }
  }

  private func register(
    _ name: String, _ weights: Weights, _ content: (Weights) -> PooledMember.Content
  ) async throws {
    let pages = PagedWeights(
      try weights.hostImage(), on: context, mover: try engine.mover(),
      pageByteCount: pageByteCount)
    let member = PooledMember(
      name,
      content(
        try weights.pooled(at: PoolPlace(pages: pages, name: name, pool: pool), engine: engine)),
      over: pages, observer: observer)
    try await pool.register(name, member)
    members.withLock { $0[name] = member }
  }

  /// Takes a model off the device and out of the pool once nobody uses it; who waits for it gets an error.
  ///
  /// - Throws: ``ResidencyError/Code/notReleased`` where it could not be taken off the device: it stays in the pool;
  ///   ``ResidencyError/Code/deadlock`` inside a lease of it.
  public func unload(_ name: String) async throws {
    let member = members.withLock { $0[name] }
    try await pool.unload(name)
    // The name may have gone to another model meanwhile.
    members.withLock { if $0[name] === member { $0[name] = nil } }
  }

  /// Takes a model off the device once nobody uses it; the next request brings it back. Throws as ``unload(_:)`` does.
  public func park(_ name: String) async throws { try await pool.park(name) }

  /// Whether a model stays on the device once it is there, whatever others need.
  public func pin(_ name: String, _ isPinned: Bool = true) async throws {
    try await pool.setPinned(isPinned, name)
  }

  /// Begins to bring a model that somebody will need, where that takes nothing from models in use.
  public func prefetch(_ name: String) async throws { try await pool.prefetch(name) }

  /// Announces which models will be asked for, in this order, behind what was announced: the next one comes
  /// ahead while another computes, and ``PoolPolicy/lookAhead`` evicts what is needed last.
  ///
  /// - Returns: What ``withdraw(_:)`` takes back where those requests will not come.
  @discardableResult
  public func declare(_ names: [String]) async throws -> PoolDeclaration {
    try await pool.declare(names)
  }

  /// Takes back what was announced and was not asked for yet; a load that was for that alone ends early.
  public func withdraw(_ declaration: PoolDeclaration) async { await pool.withdraw(declaration) }
}

// MARK: - Use

extension ModelPool {
  /// Lends a model to `body`: it is on the device and stays there until `body` returns. Several may use it at
  /// once.
  ///
  /// A forward pass may begin while the last pages are on their way. The model is not for use after `body`: its
  /// weights may be gone then, which is an error.
  ///
  /// - Throws: ``ResidencyError``, for an unknown name, a model for which the budget has no room, or tasks that
  ///   hold models and wait for each other's; what bringing the model throws; `CancellationError`; what `body` throws.
  public func withModel<Value>(
    _ name: String, _ body: (Model) async throws -> Value
  ) async throws -> Value {
    try await withMember(name) { try await body($0.model) }
  }

  /// Lends a network that enlarges images to `body`, as ``withModel(_:_:)`` lends a model.
  public func withUpscaler<Value>(
    _ name: String, _ body: (UpscalingModel) async throws -> Value
  ) async throws -> Value {
    try await withMember(name) { try await body($0.upscaler) }
  }

  private func withMember<Value>(
    _ name: String, _ body: (PooledMember) async throws -> Value
  ) async throws -> Value {
    try await pool.withModel(name) { member in
      guard let member = member as? PooledMember else { preconditionFailure("a member of ours") }
      return try await body(member)
    }
  }
}

// MARK: - Figures

extension ModelPool {
  /// What a model takes, and how much of that is there.
  public struct Residency: Sendable, Hashable {
    /// Its name.
    public let model: String
    /// The device bytes of all of it, in whole pages.
    public let byteCount: Int
    /// The device bytes that are there, or on their way.
    public let residentBytes: Int
  }

  /// Every model by name, and what is there of it.
  public func residency() async -> [Residency] {
    var figures: [Residency] = []
    for member in members.withLock({ $0.values.sorted { $0.name < $1.name } }) {
      // One that is unloaded meanwhile has nothing there.
      let bytes = (try? await pool.residentBytes(of: member.name)) ?? 0
      figures.append(
        Residency(model: member.name, byteCount: member.byteCount, residentBytes: bytes))
    }
    return figures
  }

  /// The device bytes of a model's pages, in the order the forward pass needs them; none for an unknown name.
  func pages(of name: String) -> [Int] { members.withLock { $0[name]?.segmentBytes ?? [] } }

  /// What the pages of a model take, before it is registered.
  func pages(of layout: WeightLayout) -> [Int] {
    PagedWeights.pages(of: layout, on: context, pageByteCount: pageByteCount)
  }

  /// The device bytes that models hold, or that are about to come.
  public var bytesUsed: Int { get async { await pool.bytesUsed } }
}
