/// The name of a place where bytes can live and kernels can run, spelled as PyTorch users spell it.
public struct Device: Hashable, Sendable {
  /// The driver behind a device.
  public enum Backend: String, Hashable, Sendable, CaseIterable { case cpu, cuda, opencl }

  /// The driver.
  public let backend: Backend
  /// The number of the device among those of its driver; 0 for the host.
  public let index: Int

  /// The process's own memory and processor.
  public static let cpu = Device(backend: .cpu, index: 0)
  /// The CUDA device with this number.
  public static func cuda(_ index: Int = 0) -> Device { Device(backend: .cuda, index: index) }
  /// The OpenCL device with this number.
  public static func opencl(_ index: Int = 0) -> Device { Device(backend: .opencl, index: index) }
}

extension Device: LosslessStringConvertible {
  /// `cpu`, `cuda:0`, `opencl:1`.
  public var description: String { self == .cpu ? "cpu" : "\(backend.rawValue):\(index)" }

  /// The syntax that ``init(_:)`` accepts, for messages.
  package static let form = "cpu, cuda:N or opencl:N"

  /// Parses `cpu`, `cuda`, `cuda:N`, `opencl` or `opencl:N`; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let backend = Backend(rawValue: String(parts[0])) else { return nil }
    guard parts.count == 2 else {
      self.init(backend: backend, index: 0)
      return
    }
    guard backend != .cpu, let index = UInt16(parts[1]), String(index) == parts[1] else {
      return nil
    }
    self.init(backend: backend, index: Int(index))
  }
}
