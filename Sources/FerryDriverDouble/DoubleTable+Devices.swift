import CDrivers
import Glibc

extension DriverDouble {
  static func fillDevices(_ table: inout ferry_cuda) {
    table.Init = { _ in
      DriverDouble.call(.initialize) { state throws(DriverFailure) in
        guard state.machine.initialization == 0 else {
          throw DriverFailure(state.machine.initialization)
        }
        state.isInitialized = true
      }
    }
    table.DriverGetVersion = { version in
      DriverDouble.call(.driverGetVersion) { version?.pointee = $0.machine.version }
    }
    fillDeviceQuestions(&table)
    fillContexts(&table)
  }

  private static func fillDeviceQuestions(_ table: inout ferry_cuda) {
    table.DeviceGetCount = { count in
      DriverDouble.call(.deviceGetCount) { state throws(DriverFailure) in
        guard state.isInitialized else { throw .notInitialized }
        count?.pointee = Int32(state.devices.count)
      }
    }
    table.DeviceGet = { device, ordinal in
      DriverDouble.call(.deviceGet) { state throws(DriverFailure) in
        device?.pointee = Int32(try state.device(ordinal).ordinal)
      }
    }
    table.DeviceGetName = { name, count, device in
      DriverDouble.call(.deviceGetName) { state throws(DriverFailure) in
        DriverDouble.write(try state.device(device).configuration.name, to: name, count)
      }
    }
    table.DeviceGetAttribute = { value, attribute, device in
      DriverDouble.call(.deviceGetAttribute) { state throws(DriverFailure) in
        guard let found = try state.device(device).attribute(attribute) else { throw .invalidValue }
        value?.pointee = found
      }
    }
    table.DeviceTotalMem = { byteCount, device in
      DriverDouble.call(.deviceTotalMem) { state throws(DriverFailure) in
        byteCount?.pointee = try state.device(device).configuration.memory
      }
    }
    table.DeviceGetPCIBusId = { text, count, device in
      DriverDouble.call(.deviceGetPCIBusId) { state throws(DriverFailure) in
        DriverDouble.write("FFFF:0\(try state.device(device).ordinal):00.0", to: text, count)
      }
    }
    table.DeviceCanAccessPeer = { answer, device, peer in
      DriverDouble.call(.deviceCanAccessPeer) { state throws(DriverFailure) in
        answer?.pointee = try state.device(device).reaches(try state.device(peer)) ? 1 : 0
      }
    }
  }

  private static func fillContexts(_ table: inout ferry_cuda) {
    table.DevicePrimaryCtxRetain = { context, device in
      DriverDouble.call(.devicePrimaryCtxRetain) { state throws(DriverFailure) in
        context?.pointee = try state.retainPrimary(of: device).token.pointer
      }
    }
    table.DevicePrimaryCtxRelease = { device in
      DriverDouble.call(.devicePrimaryCtxRelease) { state throws(DriverFailure) in
        try state.releasePrimary(of: device)
      }
    }
    table.CtxPushCurrent = { handle in
      DriverDouble.call(.ctxPushCurrent) { state throws(DriverFailure) in
        let context = try state.context(handle)
        state.contextStacks[UInt(pthread_self()), default: []].append(context)
      }
    }
    table.CtxPopCurrent = { handle in
      DriverDouble.call(.ctxPopCurrent) { state throws(DriverFailure) in
        guard let popped = state.contextStacks[UInt(pthread_self())]?.popLast() else {
          throw .invalidContext
        }
        handle?.pointee = popped.token.pointer
      }
    }
    table.CtxEnablePeerAccess = { handle, flags in
      DriverDouble.call(.ctxEnablePeerAccess) { state throws(DriverFailure) in
        try state.enablePeer(try state.context(handle), flags)
      }
    }
  }

  /// A text with its NUL, cut to the room there is.
  private static func write(_ text: String, to target: UnsafeMutablePointer<CChar>?, _ count: Int32)
  {
    guard let target, count > 0 else { return }
    let bytes = text.utf8.prefix(Int(count) - 1).map { CChar(bitPattern: $0) } + [0]
    target.update(from: bytes, count: bytes.count)
  }
}

extension DriverState {
  /// Lets kernels and copies of the current context use the memory of another's device.
  fileprivate func enablePeer(_ peer: DoubleContext, _ flags: UInt32) throws(DriverFailure) {
    let context = try soundContext()
    guard flags == 0 else { throw .invalidValue }
    guard devices[context.ordinal].reaches(devices[peer.ordinal]) else {
      throw .peerAccessUnsupported
    }
    guard context.peers.insert(peer.ordinal).inserted else { throw .peerAccessAlreadyEnabled }
  }
}

extension DoubleDevice {
  /// A `CU_DEVICE_ATTRIBUTE_…`; nil for one that this device does not know.
  fileprivate func attribute(_ number: Int32) -> Int32? {
    switch number {
    case 75: configuration.capability.major
    case 76: configuration.capability.minor
    case 102: configuration.mapsMemory ? 1 : 0
    case 34: Int32(ordinal)
    default: Self.attributes[number]
    }
  }

  private static let attributes: [Int32: Int32] = [
    1: 1024,  // threads a block
    2: 1024, 3: 1024, 4: 64,  // along each axis
    5: .max, 6: 65535, 7: 65535,  // blocks along each axis
    8: 49152,  // shared memory a block
    10: 32,  // threads a warp
    12: 65536,  // registers a block
    16: 132,  // processors
    18: 0, 19: 1, 20: 0, 31: 1, 32: 1, 33: 0, 35: 0,
    36: 2_600_000, 37: 6144, 38: 50 << 20, 39: 2048,
    40: 3,  // copy engines
    41: 1,  // one space of addresses
    50: 0xFFFF,  // the PCI domain
    81: 233_472, 82: 65536,
    97: 232_448,  // shared memory a block may ask for
    99: 1,  // registers host memory
    88: 0, 89: 0, 100: 0,
  ]
}
