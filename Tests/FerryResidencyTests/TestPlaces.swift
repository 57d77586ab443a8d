import FerryDeviceTesting
import FerryDevices
import FerryResidency
import FerryTensors
import Testing

/// The host and two devices that can be made to fail, each with an account of its own.
struct TestPlaces {
  let hostBackend: FaultInjectingBackend
  let host: DeviceContext
  let backends: [FaultInjectingBackend]
  let devices: [DeviceContext]
  let mover: Mover

  init(
    chunk: Int = 4096, chunkCount: Int = 2, maximumAllocation: Int? = nil,
    freesInOrder: Bool = false
  ) throws {
    hostBackend = FaultInjectingBackend(HostBackend())
    host = try DeviceContext(hostBackend)
    backends = [7, 8].map {
      FaultInjectingBackend(
        SimulatedBackend(.opencl($0)), maximumAllocation: maximumAllocation,
        freesInOrder: freesInOrder)
    }
    devices = try backends.map { try DeviceContext($0) }
    mover = Mover(
      host: host, staging: StagingLimits(chunkByteCount: chunk, chunkCount: chunkCount))
  }

  /// Throws away what is retained and expects nothing to be left anywhere.
  func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) throws {
    for context in [host] + devices {
      try context.drain()
      context.trim()
      #expect(context.bytesInUse == 0, "\(context.device)", sourceLocation: sourceLocation)
    }
    for backend in [hostBackend] + backends {
      #expect(backend.liveBytes == 0, "\(backend.device)", sourceLocation: sourceLocation)
      #expect(backend.misuses.isEmpty, sourceLocation: sourceLocation)
    }
  }
}

extension MoveOptions {
  /// Without the measurement of links, which takes time and copies.
  static func quiet(
    keepingHostCopy: Bool = true, verify: Bool = false, mode: Mode = .release,
    waiting: Bool = true, states: StatePolicy = .move
  ) -> MoveOptions {
    MoveOptions(
      keepingHostCopy: keepingHostCopy, verify: verify, mode: mode, waiting: waiting,
      states: states, measuringLink: false)
  }
}
