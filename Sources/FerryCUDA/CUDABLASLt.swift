import CDrivers
import FerryDevices
import Synchronization

/// Products of large matrices by cuBLASLt on one device.
///
/// The library's handle, a workspace for each stream and the way of each product are made when they are
/// first needed, and kept; not while the stream records, where the library might wait. What it fails at
/// it is not asked again.
final class CUDABLASLt: VendorProducts {
  /// Bytes of workspace, as the library's manual advises for Hopper.
  private static let workspaceSize = 32 << 20

  private let library: CUDABLASLtLibrary
  private let context: CUDAContext
  private let state = Mutex(State())

  /// `@unchecked Sendable`: reached through the mutex alone.
  private struct State: @unchecked Sendable {
    /// nil before the first product.
    var handle: Handle?
    /// One a stream, since products of two streams run at the same time.
    var workspaces: [OpaquePointer: CUdeviceptr] = [:]
    /// nil: the library has no way.
    var plans: [CUDABLASLtPlan.Key: CUDABLASLtPlan?] = [:]
  }

  /// The library in use, or that it does not work here.
  private enum Handle {
    case made(OpaquePointer)
    case refused
  }

  init(_ library: CUDABLASLtLibrary, _ context: CUDAContext) {
    self.library = library
    self.context = context
  }

  deinit {
    state.withLock { state in
      state.plans = [:]
      for workspace in state.workspaces.values {
        context.release("a workspace of cuBLASLt") { $0.MemFree(workspace) }
      }
      guard case .made(let handle) = state.handle else { return }
      context.release("cuBLASLt") { _ in
        library.call.Destroy(handle) == 0 ? 0 : CUDAStatus.unknown.rawValue
      }
    }
  }

  func multiply(
    _ a: BufferView, _ b: BufferView, into c: BufferView, shape: ProductShape,
    on stream: any DeviceStream
  ) throws(DeviceError) {
    guard let stream = stream as? CUDAStream, stream.context === context else {
      throw .foreign(a.device, to: context.device)
    }
    let product = Product(
      a: try stream.memory(a).start, b: try stream.memory(b).start, c: try stream.memory(c).start,
      shape: shape)
    try state.withLock { (state: inout State) throws(DeviceError) in
      if stream.isRecording, !isPrepared(state, product, stream) { throw noWay }
      let handle = try handle(&state)
      guard let plan = try plan(&state, product, handle) else { throw noWay }
      let workspace = try workspace(&state, stream)
      guard try queue(product, by: plan, workspace, handle, on: stream) else {
        state.plans[product.key] = .some(nil)
        throw noWay
      }
    }
  }

  /// A product, and where its matrices are.
  private struct Product {
    let a, b, c: CUdeviceptr
    let shape: ProductShape

    var key: CUDABLASLtPlan.Key { CUDABLASLtPlan.Key(shape, addresses: [a, b, c]) }
  }
}

// MARK: - What is kept

extension CUDABLASLt {
  private var noWay: DeviceError {
    DeviceError(
      .unavailable, "cuBLASLt has no way for this product on \(context.device): use another kernel")
  }

  private func isPrepared(_ state: State, _ product: Product, _ stream: CUDAStream) -> Bool {
    state.workspaces[stream.pointer] != nil && state.plans[product.key] != nil
  }

  private func handle(_ state: inout State) throws(DeviceError) -> OpaquePointer {
    if state.handle == nil {
      var handle: OpaquePointer?
      let isMade = try ask { library.call.Create(&handle) }
      state.handle = isMade ? handle.map(Handle.made) ?? .refused : .refused
    }
    guard case .made(let handle) = state.handle else { throw noWay }
    return handle
  }

  private func plan(
    _ state: inout State, _ product: Product, _ handle: OpaquePointer
  ) throws(DeviceError) -> CUDABLASLtPlan? {
    if let known = state.plans[product.key] { return known }
    var found: CUDABLASLtPlan?
    try ask {
      found = CUDABLASLtPlan(library, handle, product.key, workspace: Self.workspaceSize)
      return 0
    }
    state.plans[product.key] = .some(found)
    return found
  }

  /// The stream's; a device without room for one has no way for now.
  private func workspace(
    _ state: inout State, _ stream: CUDAStream
  ) throws(DeviceError) -> CUdeviceptr {
    if let workspace = state.workspaces[stream.pointer] { return workspace }
    var workspace: CUdeviceptr = 0
    do throws(DeviceError) {
      try context.run(.allocation) { $0.MemAlloc(&workspace, Self.workspaceSize) }
    } catch {
      try context.check()
      throw noWay
    }
    state.workspaces[stream.pointer] = workspace
    return workspace
  }

  /// Calls the library with the context current; false where it fails.
  @discardableResult
  private func ask(_ calls: () -> Int32) throws(DeviceError) -> Bool {
    var status: Int32 = 0
    try context.run(.setUp) { _ in
      status = calls()
      return 0
    }
    return status == 0
  }
}

// MARK: - Products

extension CUDABLASLt {
  /// False where the library fails. A device that is lost says so at whatever is done instead.
  private func queue(
    _ product: Product, by plan: CUDABLASLtPlan, _ workspace: CUdeviceptr,
    _ handle: OpaquePointer, on stream: CUDAStream
  ) throws(DeviceError) -> Bool {
    let (a, b, c) = (pointer(product.a), pointer(product.b), pointer(product.c))
    var (one, zero): (Float, Float) = (1, 0)
    var algorithm = plan.choice.algorithm
    return try ask {
      library.call.Matmul(
        handle, plan.description, &one, b, plan.b, a, plan.a, &zero, c, plan.c, c, plan.c,
        &algorithm, pointer(workspace), plan.choice.workspace_size, stream.pointer)
    }
  }

  private func pointer(_ address: CUdeviceptr) -> UnsafeMutableRawPointer? {
    UnsafeMutableRawPointer(bitPattern: UInt(address))
  }
}
