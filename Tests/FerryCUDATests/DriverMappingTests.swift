import CDrivers
import FerryDriverDouble
import Testing

extension OnTheDouble {
  /// Memory is mapped to addresses by a driver's rules.
  @Suite struct DriverMappingTests {
    private static let piece = DriverCalls.piece

    @Test func memoryComesAndGoesBehindAnAddress() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let call = driver.call
        let before = driver.freeBytes
        let address = driver.reserve(2 * Self.piece)
        #expect(driver.freeBytes == before)
        for round in UInt8(0)..<3 {
          let handles = [driver.create(), driver.create()]
          for (index, handle) in handles.enumerated() {
            let place = address + CUdeviceptr(index * Self.piece)
            #expect(call.MemMap(place, Self.piece, 0, handle, 0) == 0)
            #expect(call.MemRelease(handle) == 0)
          }
          #expect(driver.allow(address, 2 * Self.piece) == 0)
          #expect(driver.freeBytes == before - 2 * Self.piece)
          let middle = address + CUdeviceptr(Self.piece - 2)
          #expect(call.MemsetD8Async(middle, round, 4, driver.stream) == 0)
          #expect(driver.read(middle - 1, 6) == [0xCB, round, round, round, round, 0xCB])
          #expect(call.MemUnmap(address, 2 * Self.piece) == 0)
          #expect(driver.freeBytes == before)
        }
        #expect(call.MemAddressFree(address, 2 * Self.piece) == 0)
        driver.end()
      }
    }

    @Test func sizesAreWholePieces() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let call = driver.call
        var address: CUdeviceptr = 0
        var handle: CUmemGenericAllocationHandle = 0
        #expect(call.MemAddressReserve(&address, 4096, 0, 0, 0) == 1)
        #expect(driver.create(4096, &handle) == 1)
        #expect(driver.create(0, &handle) == 1)
        driver.end()
      }
    }

    @Test func mappingsAreUnmappedWhole() {
      DriverDouble.start()
      let driver = DriverCalls()
      let call = driver.call
      let address = driver.reserve(4 * Self.piece)
      let handle = driver.create(2 * Self.piece)
      #expect(call.MemMap(address, 2 * Self.piece, 0, handle, 0) == 0)
      #expect(call.MemMap(address + 1, 2 * Self.piece, 0, handle, 0) == 1)
      #expect(call.MemUnmap(address, Self.piece) == 1)
      #expect(call.MemUnmap(address, 4 * Self.piece) == 1)
      #expect(driver.allow(address, 4 * Self.piece) == 1)
      #expect(call.MemAddressFree(address, 4 * Self.piece) == 1)
      #expect(call.MemUnmap(address, 2 * Self.piece) == 0)
      #expect(call.MemRelease(handle) == 0)
      #expect(call.MemRelease(handle) == 1)
      #expect(call.MemAddressFree(address, Self.piece) == 1)
      #expect(call.MemAddressFree(address, 4 * Self.piece) == 0)
      driver.end()
      #expect(DriverDouble.stop() == ["addresses were freed with memory behind them"])
    }

    @Test func memoryWithoutAccessIsNotUsable() {
      DriverDouble.start()
      let driver = DriverCalls()
      let address = driver.reserve()
      let handle = driver.create()
      #expect(driver.call.MemMap(address, Self.piece, 0, handle, 0) == 0)
      #expect(driver.call.MemsetD8Async(address, 0, 1, driver.stream) == 1)
      #expect(driver.allow(address) == 0)
      #expect(driver.call.MemsetD8Async(address, 0, 1, driver.stream) == 0)
      #expect(driver.call.StreamSynchronize(driver.stream) == 0)
      #expect(driver.call.MemUnmap(address, Self.piece) == 0)
      #expect(driver.call.MemRelease(handle) == 0)
      #expect(driver.call.MemAddressFree(address, Self.piece) == 0)
      driver.end()
      #expect(DriverDouble.stop().count == 1)
    }

    @Test func unmappingUnderWorkBreaksTheContext() {
      DriverDouble.start()
      let driver = DriverCalls()
      let call = driver.call
      let address = driver.reserve()
      let handle = driver.create()
      #expect(call.MemMap(address, Self.piece, 0, handle, 0) == 0)
      #expect(driver.allow(address) == 0)
      #expect(call.MemsetD8Async(address, 0, 1, driver.stream) == 0)
      #expect(call.MemUnmap(address, Self.piece) == 0)
      #expect(call.StreamSynchronize(driver.stream) == 700)
      var other: CUdeviceptr = 0
      #expect(call.MemAlloc(&other, 1) == 700)
      #expect(call.MemRelease(handle) == 0)
      #expect(call.MemAddressFree(address, Self.piece) == 0)
      driver.end()
      #expect(DriverDouble.stop().first == "memory was unmapped that a queued fill uses")
    }

    @Test func physicalMemoryRunsOut() {
      OnTheDouble.run(DoubleMachine([DoubleConfiguration(memory: 64 << 20)])) {
        let driver = DriverCalls()
        var handle: CUmemGenericAllocationHandle = 0
        #expect(driver.create(34 << 20, &handle) == 2)
        #expect(driver.create(32 << 20, &handle) == 0)
        #expect(driver.freeBytes == 0)
        #expect(driver.call.MemRelease(handle) == 0)
        driver.end()
      }
    }
  }
}
