import FerryCUDA
import FerryDevices
import Testing

@Suite struct CUDATargetTests {
  @Test(
    arguments: [
      (7, 0, []),
      (7, 5, ["compute_75"]),
      (8, 0, ["sm_80", "compute_75"]),
      (8, 6, ["sm_86", "sm_80", "compute_75"]),
      (8, 7, ["sm_86", "sm_80", "compute_75"]),
      (8, 9, ["sm_89", "sm_86", "sm_80", "compute_75"]),
      (9, 0, ["sm_90a", "sm_90", "compute_75"]),
      (10, 0, ["compute_75"]),
      (12, 0, ["compute_75"]),
    ] as [(Int, Int, [String])])
  func theBestImageIsTriedFirst(_ major: Int, _ minor: Int, _ targets: [String]) {
    let capability = ComputeCapability(major, minor)
    #expect(capability.targets == targets)
    #expect(capability.hasMatrixUnits == (targets.count > 1))
  }

  @Test func keysHoldTheDefinesInOrder() {
    let program = KernelProgram(
      name: "linear", source: "", defines: ["ROWS": "1", "FORMAT": "nf4", "INPUT": "f16"])
    #expect(program.imageKey == "linear FORMAT=nf4 INPUT=f16 ROWS=1")
    #expect(KernelProgram(name: "checksum", source: "text").imageKey == "checksum")
  }
}
