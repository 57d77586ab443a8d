import FerryCUDA
import Testing

@Suite struct CUDALibraryTests {
  @Test func aMissingLibraryIsAReason() {
    #expect(throws: CUDALibrary.Missing.self) { _ = try CUDALibrary(names: ["libno-such-cuda.so"]) }
    #expect(CUDABLASLtLibrary(names: ["libno-such-cublasLt.so"]) == nil)
  }

  /// The C library's mathematics are there, and are no driver.
  @Test func aLibraryWithoutTheEntryPointsIsAReason() {
    let missing = #expect(throws: CUDALibrary.Missing.self) {
      _ = try CUDALibrary(names: ["libm.so.6"])
    }
    #expect(missing?.reason == "it has no cuDriverGetVersion")
    #expect(CUDABLASLtLibrary(names: ["libm.so.6"]) == nil)
  }
}
