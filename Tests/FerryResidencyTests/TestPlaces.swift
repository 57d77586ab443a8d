import FerryDeviceTesting
import FerryDevices
import FerryResidency
import FerryTensors
import Testing

/// The host and devices, two by default, that can be made to fail, each with an account of its own.
struct TestPlaces {
  let hostBackend: FaultInjectingBackend
  let host: DeviceContext
  let backends: [FaultInjectingBackend]
  let devices: [DeviceContext]
  let mover: Mover

  /// Real devices, each of which can be made to fail.
  init(over devices: [any DeviceBackend]) throws {
    let hostBackend = FaultInjectingBackend(HostBackend())
    let limits = StagingLimits(chunkByteCount: 4096, readerCount: 2, chunkCount: 2)
    try self.init(hostBackend, devices.map { FaultInjectingBackend($0) }, limits, HostPins())
  }

  private init(
    _ hostBackend: FaultInjectingBackend, _ backends: [FaultInjectingBackend],
    _ limits: StagingLimits, _ pins: HostPins
  ) throws {
    self.hostBackend = hostBackend
    self.backends = backends
    host = try DeviceContext(hostBackend)
    devices = try backends.map { try DeviceContext($0) }
    mover = Mover(host: host, staging: limits, pins: pins)
  }

  /// Able devices have stable addresses, gain from registered host memory and reach each other.
  init(
    chunk: Int = 4096, readerCount: Int = 2, chunkCount: Int = 2, maximumAllocation: Int? = nil,
    freesInOrder: Bool = false, able: Bool = false, pins: HostPins = HostPins(),
    deviceCount: Int = 2
  ) throws {
    let backends = (7..<7 + deviceCount).map {
      FaultInjectingBackend(
        SimulatedBackend(.opencl($0), hasPeers: able), maximumAllocation: maximumAllocation,
        freesInOrder: freesInOrder, reservations: able ? TestReservations() : nil,
        pinning: able ? TestPinning() : nil)
    }
    let limits = StagingLimits(
      chunkByteCount: chunk, readerCount: readerCount, chunkCount: chunkCount)
    try self.init(FaultInjectingBackend(HostBackend()), backends, limits, pins)
  }

  /// Throws away what is retained and expects nothing to be left anywhere.
  func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) throws {
    mover.trim()
    for context in [host] + devices {
      try context.drain()
      context.trim()
      #expect(context.bytesInUse == 0, "\(context.device)", sourceLocation: sourceLocation)
    }
    for backend in [hostBackend] + backends {
      #expect(backend.liveBytes == 0, "\(backend.device)", sourceLocation: sourceLocation)
      #expect(backend.registeredBytes == 0, sourceLocation: sourceLocation)
      #expect(backend.liveReservations == 0, sourceLocation: sourceLocation)
      #expect(backend.misuses == [], sourceLocation: sourceLocation)
    }
  }
}

extension MoveOptions {
  /// Without the measurement of links, which takes time and copies.
  static func quiet(
    keepingHostCopy: Bool = true, hostCopy: HostCopy = .pinned, verify: Bool = false,
    mode: Mode = .release, waiting: Bool = true, states: StatePolicy = .move
  ) -> MoveOptions {
    MoveOptions(
      keepingHostCopy: keepingHostCopy, hostCopy: hostCopy, verify: verify, mode: mode,
      waiting: waiting, states: states, measuringLink: false)
  }
}
