import CDrivers

extension DriverDouble {
  static func fillMemory(_ table: inout ferry_cuda) {
    table.MemGetInfo = { free, total in
      DriverDouble.call(.memGetInfo) { state throws(DriverFailure) in
        let info = try state.memoryInfo()
        free?.pointee = info.free
        total?.pointee = info.total
      }
    }
    table.MemAlloc = { address, byteCount in
      DriverDouble.call(.memAlloc) { state throws(DriverFailure) in
        address?.pointee = try state.allocate(byteCount).rawValue
      }
    }
    table.MemFree = { address in
      DriverDouble.call(.memFree) { state throws(DriverFailure) in
        try state.free(DeviceAddress(address))
      }
    }
    table.MemHostRegister = { start, byteCount, _ in
      DriverDouble.call(.memHostRegister) { state throws(DriverFailure) in
        _ = try state.soundContext()
        try state.registrations.register(UInt(bitPattern: start), byteCount)
      }
    }
    table.MemHostUnregister = { start in
      DriverDouble.call(.memHostUnregister) { state throws(DriverFailure) in
        try state.unregister(start)
      }
    }
  }

  static func fillCopies(_ table: inout ferry_cuda) {
    table.MemcpyHtoDAsync = { target, source, byteCount, stream in
      DriverDouble.call(.memcpyHtoDAsync) { state throws(DriverFailure) in
        try state.upload(
          source, to: DriverDouble.range(target, byteCount), on: try state.soundStream(stream))
      }
    }
    table.MemcpyDtoHAsync = { target, source, byteCount, stream in
      DriverDouble.call(.memcpyDtoHAsync) { state throws(DriverFailure) in
        try state.download(
          DriverDouble.range(source, byteCount), to: target, on: try state.soundStream(stream))
      }
    }
    table.MemcpyDtoDAsync = { target, source, byteCount, stream in
      DriverDouble.call(.memcpyDtoDAsync) { state throws(DriverFailure) in
        try state.copy(
          DriverDouble.range(source, byteCount), to: DriverDouble.range(target, byteCount),
          on: try state.soundStream(stream))
      }
    }
    table.MemcpyPeerAsync = { target, taker, source, giver, byteCount, stream in
      DriverDouble.call(.memcpyPeerAsync) { state throws(DriverFailure) in
        try state.copyPeer(
          DriverDouble.range(source, byteCount), of: try state.context(giver),
          to: DriverDouble.range(target, byteCount),
          of: try state.context(taker), on: try state.soundStream(stream))
      }
    }
    table.MemsetD8Async = { target, byte, byteCount, stream in
      DriverDouble.call(.memsetD8Async) { state throws(DriverFailure) in
        try state.fill(
          DriverDouble.range(target, byteCount), with: byte, on: try state.soundStream(stream))
      }
    }
  }

  static func fillMapping(_ table: inout ferry_cuda) {
    table.MemAddressReserve = { address, byteCount, alignment, _, flags in
      DriverDouble.call(.memAddressReserve) { state throws(DriverFailure) in
        guard flags == 0 else { throw .invalidValue }
        address?.pointee = try state.reserve(byteCount, alignment: alignment).rawValue
      }
    }
    table.MemAddressFree = { address, byteCount in
      DriverDouble.call(.memAddressFree) { state throws(DriverFailure) in
        try state.release(DriverDouble.range(address, byteCount))
      }
    }
    table.MemCreate = { handle, byteCount, properties, flags in
      DriverDouble.call(.memCreate) { state throws(DriverFailure) in
        guard flags == 0 else { throw .invalidValue }
        handle?.pointee = try state.create(byteCount, properties)
      }
    }
    table.MemRelease = { handle in
      DriverDouble.call(.memRelease) { state throws(DriverFailure) in try state.release(handle) }
    }
    table.MemMap = { address, byteCount, offset, handle, flags in
      DriverDouble.call(.memMap) { state throws(DriverFailure) in
        guard flags == 0 else { throw .invalidValue }
        try state.map(DriverDouble.range(address, byteCount), handle, offset: offset)
      }
    }
    table.MemUnmap = { address, byteCount in
      DriverDouble.call(.memUnmap) { state throws(DriverFailure) in
        try state.unmap(DriverDouble.range(address, byteCount))
      }
    }
    table.MemSetAccess = { address, byteCount, accesses, count in
      DriverDouble.call(.memSetAccess) { state throws(DriverFailure) in
        let list = Array(UnsafeBufferPointer(start: accesses, count: count))
        try state.setAccess(DriverDouble.range(address, byteCount), list)
      }
    }
    table.MemGetAllocationGranularity = { byteCount, properties, _ in
      DriverDouble.call(.memGetAllocationGranularity) { state throws(DriverFailure) in
        _ = try state.mappingDevice(properties)
        byteCount?.pointee = DoubleMemory.granularity
      }
    }
  }

  private static func range(_ address: CUdeviceptr, _ byteCount: Int) -> DeviceRange {
    DeviceRange(DeviceAddress(address), count: byteCount)
  }
}
