import FerryDeviceTesting
import FerryDevices
import Testing

@Suite struct HostBackendTests {
  @Test func allocatesWholeZeroedPages() throws {
    let backend = HostBackend()
    for byteCount in [1, 4096, 100_000] {
      let handle = try backend.allocate(byteCount: byteCount)
      defer { backend.free(handle, byteCount: byteCount) }
      #expect(handle.rawValue % UInt(backend.limits.alignment) == 0)
      let bytes = UnsafeRawBufferPointer(
        start: UnsafeRawPointer(bitPattern: handle.rawValue), count: byteCount)
      #expect(bytes.allSatisfy { $0 == 0 })
    }
  }

  @Test func refusesMoreThanIsFree() throws {
    let backend = HostBackend()
    let total = try backend.memory().total
    for byteCount in [total, total * 3, backend.limits.maximumAllocation] {
      let error = #expect(throws: DeviceError.self) {
        try backend.allocate(byteCount: byteCount)
      }
      #expect(error?.code == .outOfMemory)
    }
    let error = #expect(throws: DeviceError.self) { try backend.allocate(byteCount: .max) }
    #expect(error?.code == .allocationTooLarge)
  }

  @Test func saysThatItRunsNoKernels() {
    let program = KernelProgram(name: "linear", source: "")
    let error = #expect(throws: DeviceError.self) {
      try HostBackend().kernel(named: "linear", in: program)
    }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("FerryOperations") == true)
  }

  @Test func lendsItsBytes() throws {
    try TestDevices.withContext(on: .cpu) { context in
      let allocation = try TestBytes.upload([1, 2, 3, 4], to: context)
      #expect(allocation.view[1, count: 2].hostBytes.map(Array.init) == [2, 3])
      allocation.view.mutableHostBytes?[2] = 9
      #expect(try TestBytes.read(allocation.view, in: context) == [1, 2, 9, 4])
    }
  }
}
