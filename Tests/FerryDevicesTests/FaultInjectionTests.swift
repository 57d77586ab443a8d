import FerryDeviceTesting
import FerryDevices
import Testing

/// The tool that other tests trust.
@Suite struct FaultInjectionTests {
  private let backend = FaultInjectingBackend(HostBackend())

  @Test func failsTheCallItWasToldToAndNoOther() throws {
    let context = try DeviceContext(backend)
    let target = try context.allocate(byteCount: 4)
    backend.fail(.upload, number: 3)
    for number in 1...5 {
      let write = { try TestBytes.write([1, 2, 3, 4], to: target.view, in: context) }
      if number == 3 {
        let error = #expect(throws: DeviceError.self) { try write() }
        #expect(error?.code == .copyFailed)
      } else {
        try write()
      }
    }
    #expect(backend.count(of: .upload) == 5)
    _ = try TestBytes.read(target.view, in: context)
    #expect(backend.count(of: .download) == 1)
  }

  @Test func failsFromACallOnUntilCleared() throws {
    let context = try DeviceContext(backend)
    let target = try context.allocate(byteCount: 4)
    backend.fail(.fill, number: 2, repeatedly: true)
    try context.compute.fill(target.view, with: 1)
    for _ in 0..<3 {
      #expect(throws: DeviceError.self) { try context.compute.fill(target.view, with: 2) }
    }
    backend.clearFaults()
    try context.compute.fill(target.view, with: 3)
    #expect(try TestBytes.read(target.view, in: context) == [3, 3, 3, 3])
  }

  @Test(arguments: TestDevices.available)
  func damagesOneByteSilently(_ device: Device) throws {
    let backend = FaultInjectingBackend(try TestDevices.backend(of: device))
    let context = try DeviceContext(backend)
    backend.flipByte(5, ofUpload: 2)
    let bytes = TestBytes.random(100)
    let sound = try TestBytes.upload(bytes, to: context)
    let damaged = try TestBytes.upload(bytes, to: context)
    #expect(try TestBytes.read(sound.view, in: context) == bytes)
    var expected = bytes
    expected[5] = ~expected[5]
    #expect(try TestBytes.read(damaged.view, in: context) == expected)
    #expect(try context.compute.checksum([damaged.view]) != TestBytes.checksum([bytes]))
  }

  @Test func refusesWhatExceedsItsMemory() throws {
    let backend = FaultInjectingBackend(HostBackend(), memoryLimit: 100)
    let handle = try backend.allocate(byteCount: 60)
    let error = #expect(throws: DeviceError.self) { try backend.allocate(byteCount: 41) }
    #expect(error?.code == .outOfMemory)
    #expect(try backend.memory() == DeviceMemory(total: 100, free: 40))
    backend.free(handle, byteCount: 60)
    #expect(backend.liveAllocations == 0)
  }

  @Test func noticesMisuse() throws {
    let handle = try backend.allocate(byteCount: 10)
    backend.free(handle, byteCount: 11)
    backend.free(handle, byteCount: 10)
    #expect(backend.misuses.count == 2)
  }

  @Test func slowsCopiesDown() throws {
    let context = try DeviceContext(backend)
    backend.copyDelay = .milliseconds(20)
    let time = try ContinuousClock().measure { _ = try TestBytes.upload([1], to: context) }
    #expect(time >= .milliseconds(20))
  }

  @Test func leaksAreReported() throws {
    var kept: Allocation?
    #expect(throws: ConformanceFailure.self) {
      try TestDevices.withContext(of: backend) { kept = try $0.allocate(byteCount: 8) }
    }
    #expect(kept?.byteCount == 8)
  }
}
