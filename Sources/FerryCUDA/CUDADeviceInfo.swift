import CDrivers
import FerryDevices

/// What the driver says about one device; no context is needed to ask.
struct CUDADeviceInfo: Sendable {
  /// `CUdevice`
  let ordinal: Int32
  private let library: CUDALibrary

  init(_ library: CUDALibrary, _ ordinal: Int32) {
    self.library = library
    self.ordinal = ordinal
  }

  /// As PyTorch shows it ("NVIDIA H200").
  var name: String { text(library.call.DeviceGetName) ?? "CUDA device \(ordinal)" }

  /// In bytes.
  var memory: Int {
    var count = 0
    return library.call.DeviceTotalMem(&count, ordinal) == 0 ? count : 0
  }

  /// `CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR` and `_MINOR`
  var capability: ComputeCapability { ComputeCapability(attribute(75), attribute(76)) }
  /// `CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT`
  var processorCount: Int { attribute(16) }
  /// `CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK`
  var maximumGroupSize: Int { max(1, attribute(1)) }
  /// `CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED`
  var reservesAddresses: Bool { attribute(102) != 0 }
  /// `CU_DEVICE_ATTRIBUTE_HOST_REGISTER_SUPPORTED`
  var registersHostMemory: Bool { attribute(99) != 0 }

  /// Why Ferry cannot use the device; nil where it can.
  var unfitness: String? {
    let capability = self.capability
    if capability < ComputeCapability(7, 5) {
      return "its compute capability is \(capability), and 7.5 is needed"
    }
    // CU_DEVICE_ATTRIBUTE_COMPUTE_MODE: CU_COMPUTEMODE_PROHIBITED
    if attribute(20) == 2 { return "its compute mode forbids every use (nvidia-smi -c 0)" }
    return memory == 0 ? "the driver does not tell its memory" : nil
  }

  /// What is told besides; `driver` is the driver's version.
  func facts(driver: String) -> DeviceFacts {
    let bus = text(library.call.DeviceGetPCIBusId)
    return DeviceFacts(
      architecture: capability.architecture, link: bus.flatMap { HostLink(ofBusID: $0) },
      driver: driver, processorCount: processorCount,
      hostNode: bus.flatMap { HostNode(ofPCIDevice: HostLink.kernelName(of: $0))?.number })
  }

  /// 0 where the driver does not know it.
  private func attribute(_ key: Int32) -> Int {
    var value: Int32 = 0
    return library.call.DeviceGetAttribute(&value, key, ordinal) == 0 ? Int(value) : 0
  }

  private func text(
    _ query: (UnsafeMutablePointer<CChar>?, Int32, CUdevice) -> CUresult
  ) -> String? {
    var bytes = [CChar](repeating: 0, count: 256)
    guard query(&bytes, Int32(bytes.count), ordinal) == 0 else { return nil }
    return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// The generation of a device's processors ("9.0").
package struct ComputeCapability: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Images for a native architecture run within one of these.
  package let major: Int
  /// Grows with what the processors can do.
  package let minor: Int

  /// A capability.
  package init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  package static func < (one: ComputeCapability, other: ComputeCapability) -> Bool {
    (one.major, one.minor) < (other.major, other.minor)
  }

  /// `9.0`
  package var description: String { "\(major).\(minor)" }

  /// `sm_90`
  package var architecture: String { "sm_\(major)\(minor)" }

  /// Architectures that images are made for, the largest first.
  private static let native = [(9, 0), (8, 9), (8, 6), (8, 0)].map(ComputeCapability.init)

  /// The targets whose images run on such a device, the best first: its own variant with features that
  /// no later one keeps (`sm_90a`), then the architectures of the same major version up to its own,
  /// then PTX, which its driver compiles.
  package var targets: [String] {
    guard self >= ComputeCapability(7, 5) else { return [] }
    let native = Self.native.filter { $0.major == major && $0.minor <= minor }
    return (self == ComputeCapability(9, 0) ? ["sm_90a"] : []) + native.map(\.architecture)
      + ["compute_75"]
  }

  /// Whether there are images that multiply tiles of matrices together (8.0 and above; PTX has none).
  package var hasMatrixUnits: Bool { targets.count > 1 }
}
