import FerryDeviceTesting
import FerryDevices
import FerryOperations
import Testing

/// The host's operations in the suite that any device's operations pass.
@Suite struct HostOperationsTests {
  @Test(arguments: InstructionLevel.available, OperationConformance.checks)
  func conforms(_ level: InstructionLevel, to check: OperationCheck) throws {
    try check.run(on: HostBackend()) { HostOperations(context: $0, threads: 2, level: level) }
  }
}
