import CDrivers
import FerryDevices
import Synchronization

/// A built kernel, shared by all streams of its device.
final class OpenCLKernel: DeviceKernel {
  let name: String
  /// The backend it was built by; not a reference, since the backend holds the kernel.
  let owner: ObjectIdentifier
  private let library: OpenCLLibrary
  private let object: OpenCLObject
  private let parameterCount: Int
  private let maximumGroupSize: Int
  /// Arguments are the kernel's state: setting them and starting is one step.
  private let arguments = Mutex(())

  /// Takes over one reference to `object`.
  init(_ name: String, _ object: OpenCLObject, _ backend: OpenCLBackend) {
    self.name = name
    self.object = object
    owner = ObjectIdentifier(backend)
    library = backend.library
    parameterCount = Self.parameterCount(object, library)
    maximumGroupSize = Self.maximumGroupSize(object, backend)
  }

  deinit { _ = library.call.ReleaseKernel(object.pointer) }

  func start(
    on stream: OpenCLStream, groups: GridSize, groupSize: GridSize, _ list: [KernelArgument]
  ) throws(DeviceError) {
    try check(groups, groupSize, list, stream.backend.device)
    let local = [groupSize.x, groupSize.y, groupSize.z]
    let global = [groups.x * local[0], groups.y * local[1], groups.z * local[2]]
    try arguments.withLock { (_) throws(DeviceError) in
      try set(list, for: stream)
      try stream.enqueue(.launch) { event in
        library.call.EnqueueNDRangeKernel(
          stream.queue.pointer, object.pointer, 3, nil, global, local, 0, nil, event)
      }
    }
  }

  private func check(
    _ groups: GridSize, _ groupSize: GridSize, _ list: [KernelArgument], _ device: Device
  ) throws(DeviceError) {
    for axis in [groups.x, groups.y, groups.z, groupSize.x, groupSize.y, groupSize.z] {
      precondition(axis > 0, "a grid has at least one thread along each axis")
    }
    guard groupSize.count <= maximumGroupSize else {
      throw DeviceError(
        .launchFailed,
        "\(device) runs kernel \(name) with at most \(maximumGroupSize) threads a group, "
          + "not \(groupSize.count)")
    }
    let given = list.reduce(0) { $0 + $1.parameterCount }
    guard given == parameterCount else {
      throw DeviceError(
        .launchFailed,
        "kernel \(name) has \(parameterCount) parameters (a buffer is two), and \(given) were given"
      )
    }
  }

  private func set(_ list: [KernelArgument], for stream: OpenCLStream) throws(DeviceError) {
    var index: UInt32 = 0
    for argument in list {
      switch argument {
      case .buffer(let view):
        try set(index, try stream.buffer(view), stream)
        try set(index + 1, UInt64(view.offset), stream)
      case .int32(let value): try set(index, value, stream)
      case .uint32(let value): try set(index, value, stream)
      case .uint64(let value): try set(index, value, stream)
      case .float(let value): try set(index, value, stream)
      }
      index += UInt32(argument.parameterCount)
    }
  }

  private func set<Value: BitwiseCopyable>(
    _ index: UInt32, _ value: Value, _ stream: OpenCLStream
  ) throws(DeviceError) {
    var value = value
    let status = library.call.SetKernelArg(
      object.pointer, index, MemoryLayout<Value>.size, &value)
    try OpenCLStatus(rawValue: status).check(.launch, on: stream.backend.device)
  }

  /// `CL_KERNEL_NUM_ARGS`
  private static func parameterCount(_ object: OpenCLObject, _ library: OpenCLLibrary) -> Int {
    var count: UInt32 = 0
    _ = library.call.GetKernelInfo(
      object.pointer, 0x1191, MemoryLayout<UInt32>.size, &count, nil)
    return Int(count)
  }

  /// `CL_KERNEL_WORK_GROUP_SIZE`
  private static func maximumGroupSize(_ object: OpenCLObject, _ backend: OpenCLBackend) -> Int {
    var size = backend.limits.maximumGroupSize
    _ = backend.library.call.GetKernelWorkGroupInfo(
      object.pointer, backend.info.id.pointer, 0x11B0, MemoryLayout<Int>.size, &size, nil)
    return size
  }
}

extension KernelArgument {
  /// How many parameters of the kernel it fills.
  fileprivate var parameterCount: Int { if case .buffer = self { 2 } else { 1 } }
}
