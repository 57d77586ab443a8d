import FerryCUDA
import Testing

@Suite struct CUDALibraryTests {
  @Test func aMissingLibraryIsAReason() {
    #expect(throws: CUDALibrary.Missing.self) { _ = try CUDALibrary(names: ["libno-such-cuda.so"]) }
  }
}
