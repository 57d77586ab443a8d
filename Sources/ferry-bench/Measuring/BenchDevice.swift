import ArgumentParser
import Ferry
import FerryDevices
import FerryOperations
import FerryResidency

/// The device that a benchmark measures, and how much it may take.
struct BenchDevice: ParsableArguments {
  @Option(help: "The device: cuda:0, opencl:0.") var device: Device
  @Option(
    help: "The sizes: full (for a GPU of 80 GB and more), host (for a CPU) or small (a trial).")
  var scale = BenchScale.full

  /// The device in use. One that is not there is an error that says why.
  func open() throws -> OpenDevice {
    guard device != .cpu else {
      throw ValidationError("the CPU is measured by `ferry-bench host`; give cuda:0 or opencl:0")
    }
    let engine = Engine()
    return OpenDevice(
      engine: engine, context: try engine.context(for: device),
      host: try engine.context(for: .cpu), scale: scale)
  }
}

/// A device in use, beside the host.
struct OpenDevice {
  let engine: Engine
  let context: DeviceContext
  let host: DeviceContext
  let scale: BenchScale

  var backend: any DeviceBackend { context.backend }

  /// The host as the device that is measured; no other device's driver is loaded.
  static func host(scale: BenchScale) throws -> OpenDevice {
    let engine = Engine(backends: [HostBackend()])
    let host = try engine.context(for: .cpu)
    return OpenDevice(engine: engine, context: host, host: host, scale: scale)
  }

  /// The operations of the device.
  func makeOperations() throws -> any Operations { try OperationsFactory.make(for: context) }

  /// A report on it, with nothing measured yet.
  func report(_ title: String) throws -> Report {
    Report(
      title: title, device: try DeviceDescription(backend), isTrial: scale == .small, figures: [])
  }

  /// The next device of the same driver, for copies between the two.
  func peer() throws -> DeviceContext? {
    let device = context.device
    let others = try engine.devices().map(\.device).filter {
      $0.backend == device.backend && $0 != device
    }
    return try others.first.map { try engine.context(for: $0) }
  }
}

/// How large the measured things are.
enum BenchScale: String, CaseIterable, ExpressibleByArgument {
  case full, host, small

  /// The bytes of one raw copy.
  var copyByteCount: Int { pick(full: 1 << 30, host: 256 << 20, small: 16 << 20) }
  /// The bytes that are pinned to measure the rate of pinning.
  var pinningByteCount: Int { pick(full: 8 << 30, host: 32 << 20, small: 32 << 20) }
  /// How long one timing may go on, in seconds.
  var budget: Double { pick(full: 0.2, host: 0.2, small: 0.02) }

  /// One of three, by the scale.
  func pick<Value>(full: Value, host: Value, small: Value) -> Value {
    switch self {
    case .full: full
    case .host: host
    case .small: small
    }
  }
}

extension Device: ExpressibleByArgument {
  /// Parses what ``init(_:)`` does.
  public init?(argument: String) { self.init(argument) }
}
