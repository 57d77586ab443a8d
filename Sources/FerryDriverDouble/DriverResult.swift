import CDrivers

/// A call that a CUDA driver would refuse, with the code it would return.
struct DriverFailure: Error {
  let code: CUresult

  init(_ code: CUresult) { self.code = code }

  /// `CUDA_ERROR_INVALID_VALUE`
  static let invalidValue = DriverFailure(1)
  /// `CUDA_ERROR_OUT_OF_MEMORY`
  static let outOfMemory = DriverFailure(2)
  /// `CUDA_ERROR_NOT_INITIALIZED`
  static let notInitialized = DriverFailure(3)
  /// `CUDA_ERROR_INVALID_DEVICE`
  static let invalidDevice = DriverFailure(101)
  /// `CUDA_ERROR_INVALID_IMAGE`
  static let invalidImage = DriverFailure(200)
  /// `CUDA_ERROR_INVALID_CONTEXT`
  static let invalidContext = DriverFailure(201)
  /// `CUDA_ERROR_PEER_ACCESS_UNSUPPORTED`
  static let peerAccessUnsupported = DriverFailure(217)
  /// `CUDA_ERROR_INVALID_HANDLE`
  static let invalidHandle = DriverFailure(400)
  /// `CUDA_ERROR_ILLEGAL_STATE`
  static let illegalState = DriverFailure(401)
  /// `CUDA_ERROR_NOT_FOUND`
  static let notFound = DriverFailure(500)
  /// `CUDA_ERROR_NOT_READY`
  static let notReady = DriverFailure(600)
  /// `CUDA_ERROR_ILLEGAL_ADDRESS`
  static let illegalAddress = DriverFailure(700)
  /// `CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED`
  static let peerAccessAlreadyEnabled = DriverFailure(704)
  /// `CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED`
  static let alreadyRegistered = DriverFailure(712)
  /// `CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED`
  static let notRegistered = DriverFailure(713)
  /// `CUDA_ERROR_LAUNCH_FAILED`
  static let launchFailed = DriverFailure(719)
  /// `CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED`
  static let captureUnsupported = DriverFailure(900)
  /// `CUDA_ERROR_STREAM_CAPTURE_INVALIDATED`
  static let captureInvalidated = DriverFailure(901)
  /// `CUDA_ERROR_STREAM_CAPTURE_UNMATCHED`
  static let captureUnmatched = DriverFailure(903)
  /// `CUDA_ERROR_STREAM_CAPTURE_UNJOINED`
  static let captureUnjoined = DriverFailure(904)
  /// `CUDA_ERROR_STREAM_CAPTURE_ISOLATION`
  static let captureIsolation = DriverFailure(905)
  /// `CUDA_ERROR_CAPTURED_EVENT`
  static let capturedEvent = DriverFailure(907)
}
