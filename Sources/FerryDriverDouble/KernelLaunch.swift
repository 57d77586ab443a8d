import FerryDevices

/// A launch, with its arguments as they were when it was queued.
struct KernelLaunch {
  let kernel: DoubleKernel
  let defines: [String: String]
  let grid: DoubleGrid
  let arguments: KernelArguments
}

/// The values of a kernel's parameters.
struct KernelArguments {
  enum Value {
    case buffer(DeviceAddress)
    case int32(Int32)
    case uint32(UInt32)
    case uint64(UInt64)
    case float(Float)
  }

  let values: [Value]

  /// Reads what the launch's array of pointers points to.
  init(
    _ kernel: DoubleKernel, _ parameters: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
  ) throws(DriverFailure) {
    guard let parameters else { throw .invalidValue }
    var values: [Value] = []
    var index = 0
    for parameter in kernel.parameters {
      guard let first = parameters[index] else { throw .invalidValue }
      index += parameter.sizes.count
      switch parameter {
      case .buffer:
        guard let second = parameters[index - 1] else { throw .invalidValue }
        values.append(
          .buffer(
            DeviceAddress(
              first.loadUnaligned(as: UInt64.self) &+ second.loadUnaligned(as: UInt64.self))))
      case .int32: values.append(.int32(first.loadUnaligned(as: Int32.self)))
      case .uint32: values.append(.uint32(first.loadUnaligned(as: UInt32.self)))
      case .uint64: values.append(.uint64(first.loadUnaligned(as: UInt64.self)))
      case .float: values.append(.float(first.loadUnaligned(as: Float.self)))
      }
    }
    self.values = values
  }

  /// Where the buffers start.
  var addresses: [DeviceAddress] {
    values.compactMap { if case .buffer(let address) = $0 { address } else { nil } }
  }
}
