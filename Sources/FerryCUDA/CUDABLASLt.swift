import CDrivers
import FerryDevices
import Synchronization

/// Products of large matrices by cuBLASLt on one device.
///
/// The library's handle, its workspace and the way of each product are made when they are first needed, and
/// kept; a recording therefore needs one run of its products before it begins.
final class CUDABLASLt: VendorProducts {
  /// Bytes of workspace, as the library's manual advises for Hopper.
  private static let workspaceSize = 32 << 20

  private let library: CUDABLASLtLibrary
  private let context: CUDAContext
  private let state = Mutex(State())

  /// `@unchecked Sendable`: reached through the mutex alone.
  private struct State: @unchecked Sendable {
    var handle: OpaquePointer?
    /// One a stream, since products of two streams run at the same time.
    var workspaces: [OpaquePointer: CUdeviceptr] = [:]
    /// nil: the library has no way.
    var plans: [CUDABLASLtPlan.Key: CUDABLASLtPlan?] = [:]
  }

  init(_ library: CUDABLASLtLibrary, _ context: CUDAContext) {
    self.library = library
    self.context = context
  }

  deinit {
    state.withLock { state in
      state.plans = [:]
      guard let handle = state.handle else { return }
      context.release("cuBLASLt") { call in
        for workspace in state.workspaces.values { _ = call.MemFree(workspace) }
        _ = library.call.Destroy(handle)
        return 0
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
    let places = [try stream.memory(a), try stream.memory(b), try stream.memory(c)].map(\.start)
    try state.withLock { (state: inout State) throws(DeviceError) in
      let workspace = try prepare(&state, stream)
      guard let plan = try plan(&state, .init(shape, addresses: places)) else { throw noWay }
      try queue(plan, places, shape, workspace, handle: state.handle, on: stream)
    }
  }
}

// MARK: - What is kept

extension CUDABLASLt {
  private var noWay: DeviceError {
    DeviceError(
      .unavailable, "cuBLASLt has no way for this product on \(context.device): use another kernel")
  }

  /// Makes the handle and the stream's workspace.
  private func prepare(
    _ state: inout State, _ stream: CUDAStream
  ) throws(DeviceError) -> CUdeviceptr {
    if state.handle == nil {
      var handle: OpaquePointer?
      var status: Int32 = 0
      try context.run(.setUp) { _ in
        status = library.call.Create(&handle)
        return 0
      }
      guard status == 0, let handle else { throw noWay }
      state.handle = handle
    }
    if let workspace = state.workspaces[stream.pointer] { return workspace }
    var workspace: CUdeviceptr = 0
    try context.run(.allocation) { $0.MemAlloc(&workspace, Self.workspaceSize) }
    state.workspaces[stream.pointer] = workspace
    return workspace
  }

  private func plan(
    _ state: inout State, _ key: CUDABLASLtPlan.Key
  ) throws(DeviceError) -> CUDABLASLtPlan? {
    if let known = state.plans[key] { return known }
    var found: CUDABLASLtPlan?
    let handle = state.handle
    try context.run(.setUp) { _ in
      found = CUDABLASLtPlan(library, handle, key, workspace: Self.workspaceSize)
      return 0
    }
    state.plans[key] = .some(found)
    return found
  }
}

// MARK: - Products

extension CUDABLASLt {
  private func queue(
    _ plan: CUDABLASLtPlan, _ places: [CUdeviceptr], _ shape: ProductShape,
    _ workspace: CUdeviceptr, handle: OpaquePointer?, on stream: CUDAStream
  ) throws(DeviceError) {
    let (a, b, c) = (pointer(places[0]), pointer(places[1]), pointer(places[2]))
    // 1 and 0 as f32, or as 32-bit integers.
    var one = shape.input == .int8 ? 1 : Float(1).bitPattern
    var zero: UInt32 = 0
    var algorithm = plan.choice.algorithm
    var status: Int32 = 0
    try stream.enqueue(.launch) { _ in
      status = library.call.Matmul(
        handle, plan.description, &one, b, plan.b, a, plan.a, &zero, c, plan.c, c, plan.c,
        &algorithm, pointer(workspace), plan.choice.workspace_size, stream.pointer)
      return 0
    }
    guard status == 0 else {
      throw DeviceError(
        .launchFailed, "cuBLASLt could not multiply on \(context.device)",
        cause: "cublasStatus_t \(status)")
    }
  }

  private func pointer(_ address: CUdeviceptr) -> UnsafeMutableRawPointer? {
    UnsafeMutableRawPointer(bitPattern: UInt(address))
  }
}
