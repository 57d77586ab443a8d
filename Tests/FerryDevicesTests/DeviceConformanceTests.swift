import FerryDeviceTesting
import FerryDevices
import Testing

/// Every device of this machine, against the suite.
@Suite struct DeviceConformanceTests {
  @Test(arguments: TestDevices.available, DeviceConformance.checks)
  func conforms(_ device: Device, to check: DeviceCheck) throws {
    try check.run(on: TestDevices.backend(of: device))
  }

  @Test(.enabled(if: TestDevices.openCLAbsence == nil, "needs an OpenCL device"))
  func openCLDevicesArePresent() {
    #expect(TestDevices.available.contains(.opencl(0)))
  }

  @Test(
    .enabled(if: TestDevices.openCLAbsence == nil, "needs an OpenCL device"),
    arguments: DeviceConformance.checks)
  func conformsWithinAMemoryLimit(_ check: DeviceCheck) throws {
    for backend in TestDevices.openCL(memoryLimit: 16 << 20).prefix(1) {
      try check.run(on: backend)
    }
  }

  @Test(arguments: TestDevices.available, DeviceConformance.checks)
  func conformsBehindAWrapper(_ device: Device, to check: DeviceCheck) throws {
    let backend = FaultInjectingBackend(try TestDevices.backend(of: device), freesInOrder: false)
    try check.run(on: backend)
    #expect(backend.liveBytes == 0)
    #expect(backend.misuses == [])
  }
}
