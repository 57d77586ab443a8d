import FerryCUDA
import FerryDeviceTesting
import FerryDevices
import FerryDriverDouble
import FerryOperations
import Testing

extension OnTheDouble {
  /// The CUDA backend over the double, against the suites of devices and of operations: kernels are
  /// those that were compiled, by name, and run by the reference.
  @Suite struct CUDAConformanceTests {
    @Test(arguments: DeviceConformance.checks) func conforms(to check: DeviceCheck) throws {
      try OnTheDouble.run { try check.run(on: DoubleDevices.first()) }
    }

    @Test(arguments: DeviceConformance.checks)
    func conformsWithoutMappedMemory(to check: DeviceCheck) throws {
      var device = DoubleConfiguration()
      device.mapsMemory = false
      try OnTheDouble.run(DoubleMachine([device])) { try check.run(on: DoubleDevices.first()) }
    }

    @Test(arguments: OperationConformance.checks)
    func computes(what check: OperationCheck) throws {
      try OnTheDouble.run {
        try check.run(on: DoubleDevices.first()) { try KernelOperations(context: $0) }
      }
    }
  }
}
