/// The entry points of cuBLASLt's table, by their C names without `cublasLt`.
package enum BLASEntryPoint: String, CaseIterable, Sendable {
  case create = "Create"
  case destroy = "Destroy"
  case matmulDescCreate = "MatmulDescCreate"
  case matmulDescDestroy = "MatmulDescDestroy"
  case matmulDescSetAttribute = "MatmulDescSetAttribute"
  case matrixLayoutCreate = "MatrixLayoutCreate"
  case matrixLayoutDestroy = "MatrixLayoutDestroy"
  case matmulPreferenceCreate = "MatmulPreferenceCreate"
  case matmulPreferenceDestroy = "MatmulPreferenceDestroy"
  case matmulPreferenceSetAttribute = "MatmulPreferenceSetAttribute"
  case matmulAlgoGetHeuristic = "MatmulAlgoGetHeuristic"
  case matmul = "Matmul"

  /// Whether the call gives something back, which it does even where it fails.
  package var gives: Bool {
    switch self {
    case .destroy, .matmulDescDestroy, .matrixLayoutDestroy, .matmulPreferenceDestroy: true
    default: false
    }
  }
}

/// A call that cuBLASLt would refuse, with the `cublasStatus_t` it would return.
struct BLASFailure: Error {
  let code: Int32

  init(_ code: Int32) { self.code = code }

  /// `CUBLAS_STATUS_NOT_INITIALIZED`
  static let notInitialized = BLASFailure(1)
  /// `CUBLAS_STATUS_INVALID_VALUE`
  static let invalidValue = BLASFailure(7)
  /// `CUBLAS_STATUS_EXECUTION_FAILED`
  static let executionFailed = BLASFailure(13)
  /// `CUBLAS_STATUS_NOT_SUPPORTED`
  static let notSupported = BLASFailure(15)
}
