import FerryDeviceTesting
import FerryDevices
import FerryOpenCL
import Testing

@Suite struct OpenCLDevicesTests {
  @Test func aMissingLibraryIsAbsenceWithAReason() {
    guard case .absent(let reason) = OpenCLDevices.discover(libraries: ["libno-such-driver.so.9"])
    else {
      Issue.record("there is no such library")
      return
    }
    #expect(reason.contains("libno-such-driver.so.9"))
  }

  @Test func aLibraryThatIsNotOpenCLIsAbsenceWithAReason() {
    let found = OpenCLDevices.discover(libraries: ["libno-such-driver.so.9", "libm.so.6"])
    guard case .absent(let reason) = found else {
      Issue.record("libm is no OpenCL library")
      return
    }
    #expect(reason.contains("clGetPlatformIDs"))
    #expect(found.backends.isEmpty)
  }

  @Test func noLibraryNamesAtAllIsAbsence() {
    #expect(OpenCLDevices.discover(libraries: []).backends.isEmpty)
  }

  @Test(.enabled(if: TestDevices.openCLAbsence == nil, "needs an OpenCL device"))
  func devicesAreNumberedInOrder() {
    let devices = TestDevices.available.filter { $0.backend == .opencl }
    #expect(devices == devices.indices.map { .opencl($0) })
  }

  @Test(.enabled(if: TestDevices.openCLAbsence == nil, "needs an OpenCL device"))
  func memoryLimitsArePromisedAndKept() throws {
    for backend in TestDevices.openCL(memoryLimit: 1000) {
      #expect(try backend.memory() == DeviceMemory(total: 1000, free: nil))
      let handle = try backend.allocate(byteCount: 600)
      let error = #expect(throws: DeviceError.self) { try backend.allocate(byteCount: 401) }
      #expect(error?.code == .outOfMemory)
      backend.free(handle, byteCount: 600)
      backend.free(try backend.allocate(byteCount: 1000), byteCount: 1000)
    }
  }

  @Test(
    .enabled(if: TestDevices.available.contains(.opencl(1)), "needs two OpenCL devices"))
  func aKernelOfOneDeviceDoesNotRunOnAnother() throws {
    let program = KernelProgram(
      name: "foreign", source: "KERNEL void f(BUFFER(x)) { BYTES(x)[0] = 1; }")
    let kernel = try TestDevices.backend(of: .opencl(0)).kernel(named: "f", in: program)
    try TestDevices.withContext(on: .opencl(1)) { context in
      let target = try context.allocate(byteCount: 1)
      let error = #expect(throws: DeviceError.self) {
        try context.compute.launch(
          kernel, groups: GridSize(1), groupSize: GridSize(1), [.buffer(target.view)])
      }
      #expect(error?.code == .wrongDevice)
    }
  }
}
