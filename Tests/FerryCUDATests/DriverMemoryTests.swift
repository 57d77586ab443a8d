import CDrivers
import FerryDriverDouble
import Glibc
import Testing

extension OnTheDouble {
  /// The double's memory keeps a driver's rules.
  @Suite struct DriverMemoryTests {
    @Test func aCallWithoutContextIsRefused() {
      OnTheDouble.run {
        let call = DriverDouble.table.pointee
        var address: CUdeviceptr = 0
        #expect(call.MemAlloc(&address, 1) == 3)
        #expect(call.Init(0) == 0)
        #expect(call.MemAlloc(&address, 1) == 201)
      }
    }

    @Test func freeMemoryIsExact() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let before = driver.freeBytes
        let addresses = [1, 4096, 5 << 20].map(driver.allocate)
        #expect(driver.freeBytes == before - 512 - 4096 - 6 << 20)
        for address in addresses { #expect(driver.call.MemFree(address) == 0) }
        #expect(driver.freeBytes == before)
        driver.end()
      }
    }

    @Test func othersTakeMemoryToo() {
      var device = DoubleConfiguration(memory: 256 << 20)
      device.memoryOfOthers = 128 << 20
      OnTheDouble.run(DoubleMachine([device])) {
        let driver = DriverCalls()
        #expect(driver.freeBytes == 96 << 20)
        var address: CUdeviceptr = 0
        #expect(driver.call.MemAlloc(&address, 97 << 20) == 2)
        DriverDouble.change { $0.setMemoryOfOthers(0, on: 0) }
        #expect(driver.call.MemAlloc(&address, 97 << 20) == 0)
        #expect(driver.call.MemFree(address) == 0)
        driver.end()
      }
    }

    @Test func whatIsLeftIsNamed() {
      DriverDouble.start()
      let driver = DriverCalls()
      _ = driver.allocate(16)
      _ = driver.makeEvent()
      #expect(
        DriverDouble.stop() == [
          "1 allocations left", "1 streams left", "1 events left", "1 contexts left",
          "1 pushed contexts left",
        ])
    }

    @Test func bytesComeBackAndBoundsAreChecked() {
      DriverDouble.start()
      let driver = DriverCalls()
      let address = driver.allocate(100)
      let bytes = (0..<100).map { UInt8($0) }
      #expect(driver.call.MemcpyHtoDAsync(address, bytes, 100, driver.stream) == 0)
      #expect(driver.read(address, 100) == bytes)
      #expect(driver.call.MemsetD8Async(address + 10, 7, 20, driver.stream) == 0)
      #expect(driver.call.MemcpyDtoDAsync(address + 50, address + 10, 20, driver.stream) == 0)
      #expect(driver.read(address + 45, 10) == [45, 46, 47, 48, 49, 7, 7, 7, 7, 7])
      #expect(driver.call.MemcpyHtoDAsync(address + 1, bytes, 100, driver.stream) == 1)
      #expect(driver.call.MemsetD8Async(address &- 1, 7, 1, driver.stream) == 1)
      #expect(driver.call.MemFree(address + 4) == 1)
      #expect(driver.call.MemFree(address) == 0)
      #expect(driver.call.MemFree(address) == 1)
      driver.end()
      #expect(DriverDouble.stop().count == 2)
    }
  }

  /// Host memory is registered by a driver's rules.
  @Suite struct DriverRegistrationTests {
    private static let page = 4096

    /// Pages of the system, given back at the end.
    private func withPages(_ count: Int, _ body: (UnsafeMutableRawPointer) -> Void) {
      let pages = UnsafeMutableRawPointer.allocate(
        byteCount: count * Self.page, alignment: Self.page)
      pages.initializeMemory(as: UInt8.self, repeating: 1, count: count * Self.page)
      body(pages)
      pages.deallocate()
    }

    @Test func registrationsDoNotOverlap() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let call = driver.call
        withPages(4) { pages in
          #expect(call.MemHostRegister(pages, 2 * Self.page, 1) == 0)
          #expect(call.MemHostRegister(pages + Self.page, Self.page, 1) == 712)
          #expect(call.MemHostRegister(pages + 2 * Self.page, 2 * Self.page, 1) == 0)
          #expect(call.MemHostUnregister(pages + Self.page) == 713)
          #expect(call.MemHostUnregister(pages) == 0)
          #expect(call.MemHostUnregister(pages) == 713)
          #expect(call.MemHostUnregister(pages + 2 * Self.page) == 0)
        }
        driver.end()
      }
    }

    @Test func aCopyLiesWithinOneRegistration() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let call = driver.call
        let address = driver.allocate(4 * Self.page)
        withPages(4) { pages in
          #expect(call.MemHostRegister(pages, Self.page, 1) == 0)
          #expect(call.MemHostRegister(pages + Self.page, Self.page, 1) == 0)
          #expect(call.MemcpyHtoDAsync(address, pages, Self.page, driver.stream) == 0)
          #expect(call.MemcpyHtoDAsync(address, pages, 2 * Self.page, driver.stream) == 1)
          #expect(call.MemcpyHtoDAsync(address, pages + Self.page, 8192, driver.stream) == 1)
          #expect(call.MemcpyHtoDAsync(address, pages + 8192, 8192, driver.stream) == 0)
          #expect(call.StreamSynchronize(driver.stream) == 0)
          #expect(call.MemHostUnregister(pages) == 0)
          #expect(call.MemHostUnregister(pages + Self.page) == 0)
        }
        #expect(call.MemFree(address) == 0)
        driver.end()
      }
    }

    @Test func aLimitOfTheSystemIsOutOfMemory() {
      var machine = DoubleMachine()
      machine.registrable = 2 * Self.page
      OnTheDouble.run(machine) {
        let driver = DriverCalls()
        withPages(4) { pages in
          #expect(driver.call.MemHostRegister(pages, 3 * Self.page, 1) == 2)
          #expect(driver.call.MemHostRegister(pages, 2 * Self.page, 1) == 0)
          #expect(driver.call.MemHostUnregister(pages) == 0)
        }
        driver.end()
      }
    }

    @Test func aRegisteredCopyRunsLaterAndAPageableOneAtOnce() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let address = driver.allocate(Self.page)
        withPages(1) { pages in
          let bytes = pages.assumingMemoryBound(to: UInt8.self)
          #expect(driver.call.MemcpyHtoDAsync(address, pages, 16, driver.stream) == 0)
          bytes[0] = 2
          #expect(driver.read(address, 1) == [1])
          #expect(driver.call.MemHostRegister(pages, Self.page, 1) == 0)
          #expect(driver.call.MemcpyHtoDAsync(address, pages, 16, driver.stream) == 0)
          bytes[0] = 3
          #expect(driver.read(address, 1) == [3])
          #expect(driver.call.MemHostUnregister(pages) == 0)
        }
        #expect(driver.call.MemFree(address) == 0)
        driver.end()
      }
    }

    @Test func unregisteringUnderACopyIsSeen() {
      DriverDouble.start()
      let driver = DriverCalls()
      let address = driver.allocate(Self.page)
      withPages(1) { pages in
        #expect(driver.call.MemHostRegister(pages, Self.page, 1) == 0)
        #expect(driver.call.MemcpyHtoDAsync(address, pages, 16, driver.stream) == 0)
        #expect(driver.call.MemHostUnregister(pages) == 0)
        #expect(driver.call.StreamSynchronize(driver.stream) == 700)
      }
      driver.end()
      #expect(DriverDouble.stop().first?.contains("unregistered") == true)
    }
  }
}
