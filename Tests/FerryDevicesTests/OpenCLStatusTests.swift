import FerryDevices
import FerryOpenCL
import Testing

@Suite struct OpenCLStatusTests {
  @Test func successIsNoError() {
    #expect(throws: Never.self) { try OpenCLStatus.success.check(.launch, on: .opencl()) }
  }

  @Test(arguments: [
    (OpenCLStatus.bufferAllocationFailure, "CL_MEM_OBJECT_ALLOCATION_FAILURE"),
    (.outOfResources, "CL_OUT_OF_RESOURCES"), (.outOfHostMemory, "CL_OUT_OF_HOST_MEMORY"),
  ])
  func lackOfMemoryIsOutOfMemory(_ status: OpenCLStatus, _ constant: String) {
    let error = status.error(.allocation, on: .opencl(1))
    #expect(error.code == .outOfMemory)
    #expect(error.cause == constant)
    #expect(error.description.contains("opencl:1"))
  }

  @Test func otherStatusesKeepTheirNames() {
    #expect(
      OpenCLStatus.invalidBufferSize.error(.allocation, on: .opencl()).code == .allocationTooLarge)
    #expect(OpenCLStatus.invalidQueue.error(.copy, on: .opencl()).code == .deviceLost)
    #expect(OpenCLStatus.deviceNotAvailable.error(.launch, on: .opencl()).code == .deviceLost)
    #expect(OpenCLStatus.outOfResources.error(.launch, on: .opencl()).code == .launchFailed)
    #expect(OpenCLStatus(rawValue: -30).error(.copy, on: .opencl()).code == .copyFailed)
    #expect(OpenCLStatus(rawValue: -30).error(.setUp, on: .opencl()).cause == "CL_INVALID_VALUE")
    #expect(OpenCLStatus(rawValue: -4242).description == "OpenCL error -4242")
  }
}

@Suite struct OpenCLFillTests {
  @Test func piecesCoverTheRangeOnceAndFitTheirPatterns() {
    for start in 0..<40 {
      for byteCount in 0..<80 {
        let pieces = OpenCLFill.pieces(start: start, byteCount: byteCount)
        var position = start
        for piece in pieces {
          #expect(piece.start == position && piece.byteCount > 0)
          #expect(piece.start % piece.patternSize == 0)
          #expect(piece.byteCount % piece.patternSize == 0)
          position += piece.byteCount
        }
        #expect(position == start + byteCount)
        #expect(pieces.count <= 3)
      }
    }
  }
}
