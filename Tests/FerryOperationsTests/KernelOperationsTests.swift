import FerryDeviceTesting
import FerryDevices
import FerryOperations
import Testing

/// The kernels on every device that runs some, against the reference.
@Suite struct KernelOperationsTests {
  static let devices = TestDevices.available.filter { $0 != .cpu }
  /// One that builds kernels for whatever it is told: others have images for what they are.
  static let compiler = TestDevices.backends.filter {
    $0.device != .cpu && $0.limits.compilesSource
  }
  .prefix(1).map(\.device)

  @Test(
    .enabled(if: TestDevices.absence == nil, "needs a device besides the host"),
    arguments: devices, OperationConformance.checks)
  func conforms(_ device: Device, to check: OperationCheck) throws {
    try check.run(on: TestDevices.backend(of: device)) { try KernelOperations(context: $0) }
  }

  /// Devices that run threads in lockstep put several on a row; here a device is told to.
  @Test(
    .enabled(if: !compiler.isEmpty, "needs an OpenCL device"),
    arguments: compiler, OperationConformance.cooperativeChecks)
  func conformsWithSeveralThreadsARow(_ device: Device, to check: OperationCheck) throws {
    try check.run(on: TestDevices.backend(of: device)) {
      KernelOperations(context: $0, threads: 8)
    }
  }

  /// Devices that do not compile have images of some programs; every operation gets by with those.
  @Test(
    .enabled(if: !compiler.isEmpty, "needs an OpenCL device"),
    arguments: compiler, OperationConformance.checks)
  func conformsWithoutACompiler(_ device: Device, to check: OperationCheck) throws {
    try check.run(on: ImagesOnlyBackend(TestDevices.backend(of: device))) {
      try KernelOperations(context: $0)
    }
  }

  /// The collective words of matrix units work through local memory here: the same kernels as on a
  /// device with such units. One processor makes groups take several tiles.
  @Test(
    .enabled(if: !compiler.isEmpty, "needs an OpenCL device"),
    arguments: compiler, OperationConformance.fewRowsChecks)
  func fewRowsConformOnMatrixUnits(_ device: Device, to check: OperationCheck) throws {
    try check.run(on: TestDevices.backend(of: device)) {
      KernelOperations(context: $0, threads: 1, usesMatrixUnits: true, processors: 1)
    }
  }

  /// The collective words of matrix units work through local memory here: the same kernels as on a device
  /// with such units, in groups for a device of many processors and for one of few.
  @Test(
    .enabled(if: !compiler.isEmpty, "needs an OpenCL device"),
    arguments: compiler, OperationConformance.manyRowsChecks)
  func conformsOnMatrixUnits(_ device: Device, to check: OperationCheck) throws {
    try check.run(on: TestDevices.backend(of: device)) {
      KernelOperations(context: $0, threads: 1, usesMatrixUnits: true, processors: 2)
    }
  }

  /// The same for attention; the device records as well.
  @Test(
    .enabled(if: !compiler.isEmpty, "needs an OpenCL device"),
    arguments: compiler, OperationConformance.attentionTileChecks)
  func attendsOnMatrixUnits(_ device: Device, to check: OperationCheck) throws {
    try check.run(on: RecordingBackend(TestDevices.backend(of: device))) {
      KernelOperations(context: $0, threads: 1, usesMatrixUnits: true, processors: 2)
    }
  }
}
