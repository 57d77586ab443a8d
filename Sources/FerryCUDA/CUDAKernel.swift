import CDrivers
import FerryDevices

/// A loaded kernel, shared by all streams of its device.
final class CUDAKernel: DeviceKernel {
  let name: String
  /// The backend that loaded it; not a reference, since the backend holds the kernel.
  let owner: ObjectIdentifier
  private let function: CUDAObject
  private let parameterCount: Int
  private let maximumGroupSize: Int
  /// Along the second and third axis of a grid, on every device (CUDA C++ Programming Guide, Technical
  /// Specifications per Compute Capability).
  private static let mostGroupsAcross = 65_535

  /// A function of a module that lives as long as `backend`.
  init(_ name: String, _ function: CUDAObject, _ backend: CUDABackend) throws(DeviceError) {
    self.name = name
    self.function = function
    owner = ObjectIdentifier(backend)
    parameterCount = try Self.parameterCount(function, backend.context)
    maximumGroupSize = try Self.maximumGroupSize(function, backend.context)
  }

  func start(
    on stream: CUDAStream, groups: GridSize, groupSize: GridSize, _ list: [KernelArgument]
  ) throws(DeviceError) {
    try check(groups, groupSize, list, stream.backend.device)
    var values = try self.values(list, for: stream)
    try stream.enqueue(.launch) { call in
      values.withUnsafeMutableBufferPointer { values in
        // A parameter is at the start of its word: little-endian, as every host of CUDA is.
        let words = UnsafeMutableRawBufferPointer(values)
        var parameters = values.indices.map { words.baseAddress?.advanced(by: 8 * $0) }
        return call.LaunchKernel(
          function.pointer, UInt32(clamping: groups.x), UInt32(clamping: groups.y),
          UInt32(clamping: groups.z), UInt32(clamping: groupSize.x),
          UInt32(clamping: groupSize.y), UInt32(clamping: groupSize.z), 0, stream.pointer,
          &parameters, nil)
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
    guard groups.x <= Int(Int32.max), max(groups.y, groups.z) <= Self.mostGroupsAcross else {
      throw DeviceError(
        .launchFailed,
        "\(device) runs at most \(Int32.max) groups along the first axis of a grid and "
          + "\(Self.mostGroupsAcross) along the others; kernel \(name) was to run \(groups.x) × "
          + "\(groups.y) × \(groups.z): take fewer rows at a time")
    }
    let given = list.reduce(0) { $0 + $1.parameterCount }
    guard given == parameterCount else {
      throw DeviceError(
        .launchFailed,
        "kernel \(name) has \(parameterCount) parameters (a buffer is two), and \(given) were given"
      )
    }
  }

  /// One word a parameter.
  private func values(
    _ list: [KernelArgument], for stream: CUDAStream
  ) throws(DeviceError) -> [UInt64] {
    var values: [UInt64] = []
    values.reserveCapacity(parameterCount)
    for argument in list {
      switch argument {
      case .buffer(let view):
        values.append(try stream.memory(view).address)
        values.append(UInt64(view.offset))
      case .int32(let value): values.append(UInt64(UInt32(bitPattern: value)))
      case .uint32(let value): values.append(UInt64(value))
      case .uint64(let value): values.append(value)
      case .float(let value): values.append(UInt64(value.bitPattern))
      }
    }
    return values
  }

  /// A kernel has at most 4 KiB of parameters.
  private static func parameterCount(
    _ function: CUDAObject, _ context: CUDAContext
  ) throws(DeviceError) -> Int {
    var count = 0
    try context.run(.build) { call in
      var (offset, size) = (0, 0)
      while count < 4096 {
        let status = call.FuncGetParamInfo(function.pointer, count, &offset, &size)
        if CUDAStatus(rawValue: status) == .invalidValue { break }
        guard status == 0 else { return status }
        count += 1
      }
      return 0
    }
    return count
  }

  /// `CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK`
  private static func maximumGroupSize(
    _ function: CUDAObject, _ context: CUDAContext
  ) throws(DeviceError) -> Int {
    var size: Int32 = 0
    try context.run(.build) { $0.FuncGetAttribute(&size, 0, function.pointer) }
    return Int(size)
  }
}

extension KernelArgument {
  /// How many parameters of the kernel it fills.
  fileprivate var parameterCount: Int { if case .buffer = self { 2 } else { 1 } }
}
