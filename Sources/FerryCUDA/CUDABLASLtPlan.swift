import CDrivers
package import FerryDevices

/// How cuBLASLt computes products of one shape, found once.
///
/// The library's matrices are column-major: a row-major [m, k] is its [k, m]. So c is asked for as
/// cᵀ = op(b) · a, with b transposed ("TN", the one way that all types have).
package final class CUDABLASLtPlan {
  /// What a plan is found for: the product, and how its operands are aligned.
  package struct Key: Hashable, Sendable {
    package let shape: ProductShape
    /// The bytes that divide the addresses of a, b, and c, at most 256.
    package let alignment: [UInt32]

    package init(_ shape: ProductShape, addresses: [UInt64]) {
      self.shape = shape
      alignment = addresses.map { UInt32(1 << min($0.trailingZeroBitCount, 8)) }
    }
  }

  private let library: CUDABLASLtLibrary
  private(set) var description: OpaquePointer?
  private(set) var a: OpaquePointer?, b: OpaquePointer?, c: OpaquePointer?
  private(set) var choice = ferry_cublaslt_choice()

  /// A plan; nil where the library has no way for it.
  package init?(
    _ library: CUDABLASLtLibrary, _ handle: OpaquePointer?, _ key: Key, workspace: Int
  ) {
    self.library = library
    guard key.shape.isMultiplied, makeDescriptions(key.shape) else { return nil }
    guard choose(handle, key, workspace: workspace) else { return nil }
  }

  deinit {
    if let description { _ = library.call.MatmulDescDestroy(description) }
    for layout in [a, b, c].compactMap(\.self) { _ = library.call.MatrixLayoutDestroy(layout) }
  }

  private func makeDescriptions(_ shape: ProductShape) -> Bool {
    let call = library.call
    let (m, n, k) = (UInt64(shape.m), UInt64(shape.n), UInt64(shape.k))
    var transposed: Int32 = 1
    return call.MatmulDescCreate(
      &description, Int32(FERRY_CUBLAS_COMPUTE_32F), ProductShape.Element.f32.dataType) == 0
      && call.MatmulDescSetAttribute(
        description, Int32(FERRY_CUBLASLT_DESC_TRANSA), &transposed, 4) == 0
      && call.MatrixLayoutCreate(&b, shape.input.dataType, k, n, Int64(k)) == 0
      && call.MatrixLayoutCreate(&a, shape.input.dataType, k, m, Int64(k)) == 0
      && call.MatrixLayoutCreate(&c, shape.output.dataType, n, m, Int64(n)) == 0
  }

  /// The library's first choice within the workspace. Parts of a split sum are added in f32, in the
  /// workspace.
  private func choose(_ handle: OpaquePointer?, _ key: Key, workspace: Int) -> Bool {
    let call = library.call
    var preference: OpaquePointer?
    guard call.MatmulPreferenceCreate(&preference) == 0 else { return false }
    defer { _ = call.MatmulPreferenceDestroy(preference) }
    var bytes = UInt64(workspace)
    // CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE
    var scheme: UInt32 = 2
    var (forA, forB, forC) = (key.alignment[1], key.alignment[0], key.alignment[2])
    func set(_ attribute: Int, _ value: UnsafeRawPointer, _ size: Int) -> Bool {
      call.MatmulPreferenceSetAttribute(preference, Int32(attribute), value, size) == 0
    }
    guard set(FERRY_CUBLASLT_PREF_MAX_WORKSPACE_BYTES, &bytes, 8),
      set(FERRY_CUBLASLT_PREF_REDUCTION_SCHEME_MASK, &scheme, 4),
      set(FERRY_CUBLASLT_PREF_MIN_ALIGNMENT_A_BYTES, &forA, 4),
      set(FERRY_CUBLASLT_PREF_MIN_ALIGNMENT_B_BYTES, &forB, 4),
      set(FERRY_CUBLASLT_PREF_MIN_ALIGNMENT_C_BYTES, &forC, 4),
      set(FERRY_CUBLASLT_PREF_MIN_ALIGNMENT_D_BYTES, &forC, 4)
    else { return false }
    var found: Int32 = 0
    let status = call.MatmulAlgoGetHeuristic(
      handle, description, b, a, c, c, preference, 1, &choice, &found)
    return status == 0 && found > 0 && choice.state == 0 && choice.workspace_size <= workspace
  }
}

// MARK: - The library's numbers

extension ProductShape {
  /// Whether there is something to multiply, and the types go together.
  package var isMultiplied: Bool {
    m > 0 && n > 0 && k > 0 && input != .f32 && (output == input || output == .f32)
  }
}

extension ProductShape.Element {
  /// `cudaDataType_t`
  fileprivate var dataType: Int32 {
    switch self {
    case .f16: Int32(FERRY_CUDA_R_16F)
    case .bf16: Int32(FERRY_CUDA_R_16BF)
    case .f32: Int32(FERRY_CUDA_R_32F)
    }
  }
}
