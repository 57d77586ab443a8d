import FerryCUDA
import FerryDevices
import Testing

@Suite struct CUDAStatusTests {
  private static let device = Device.cuda(1)

  private static func error(_ number: Int32, _ task: CUDATask) -> DeviceError {
    CUDAStatus(rawValue: number).error(task, on: device)
  }

  @Test func successIsNoError() throws {
    for task in [CUDATask.setUp, .copy, .launch, .pinning] {
      try CUDAStatus.success.check(task, on: Self.device)
    }
  }

  @Test(arguments: [
    (0, "CUDA_SUCCESS"), (1, "CUDA_ERROR_INVALID_VALUE"), (2, "CUDA_ERROR_OUT_OF_MEMORY"),
    (100, "CUDA_ERROR_NO_DEVICE"), (214, "CUDA_ERROR_ECC_UNCORRECTABLE"),
    (222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"), (700, "CUDA_ERROR_ILLEGAL_ADDRESS"),
    (719, "CUDA_ERROR_LAUNCH_FAILED"), (803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"),
    (901, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED"), (999, "CUDA_ERROR_UNKNOWN"),
    (12_345, "CUDA error 12345"),
  ])
  func isNamedAsInTheManual(_ number: Int32, _ name: String) {
    #expect(CUDAStatus(rawValue: number).description == name)
    #expect(Self.error(number, .setUp).cause == name)
  }

  @Test(arguments: [4, 201, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721] as [Int32])
  func aFaultOfAContextLosesTheDevice(_ number: Int32) {
    for task in [CUDATask.open, .setUp, .allocation, .copy, .launch, .build, .pinning, .recording] {
      let error = Self.error(number, task)
      #expect(error.code == .deviceLost)
      #expect(error.message.contains("cuda:1") && error.message.contains("gone"))
    }
  }

  @Test(arguments: [214, 220, 226] as [Int32])
  func aFaultOfMemoryHasACodeOfItsOwn(_ number: Int32) {
    let error = Self.error(number, .copy)
    #expect(error.code == .memoryFault)
    #expect(error.message.contains("trusted"))
    #expect(CUDAStatus(rawValue: number).isLoss)
  }

  @Test func noFaultOfACallLosesTheDevice() {
    for number: Int32 in [
      1, 2, 34, 100, 218, 222, 304, 400, 500, 600, 701, 704, 712, 713, 801, 901,
    ] {
      #expect(!CUDAStatus(rawValue: number).isLoss)
    }
  }

  @Test func whatFailsDecidesTheCode() {
    #expect(Self.error(1, .setUp).code == .driver)
    #expect(Self.error(1, .copy).code == .copyFailed)
    #expect(Self.error(1, .launch).code == .launchFailed)
    #expect(Self.error(701, .launch).code == .launchFailed)
    #expect(Self.error(218, .build).code == .compileFailed)
    #expect(Self.error(901, .recording).code == .driver)
    #expect(Self.error(2, .allocation).code == .outOfMemory)
    #expect(Self.error(2, .setUp).code == .outOfMemory)
  }

  @Test func aDeviceThatIsTakenIsUnavailable() {
    #expect(Self.error(46, .open).code == .unavailable)
    #expect(Self.error(46, .launch).code == .deviceLost)
    #expect(Self.error(3, .open).code == .unavailable)
  }

  @Test(arguments: [2, 304] as [Int32])
  func aLimitOfTheSystemNamesTheRemedy(_ number: Int32) {
    let error = Self.error(number, .pinning)
    #expect(error.code == .outOfMemory)
    #expect(error.message.contains("ulimit -l") && error.message.contains("control group"))
  }

  @Test func registrationsThatAreOrAreNot() {
    #expect(Self.error(712, .pinning).message.contains("already"))
    #expect(Self.error(713, .pinning).message.contains("not registered"))
  }
}
