package import CDrivers

extension DriverDouble {
  /// The entry points of a cuBLASLt over the double; valid for the life of the process, and never changed.
  package nonisolated(unsafe) static let blasTable: UnsafePointer<ferry_cublaslt> = {
    makeTable("cublaslt.h") { (table: inout ferry_cublaslt) in
      fillHandles(&table)
      fillDescriptions(&table)
      fillPreferences(&table)
      fillProducts(&table)
    }
  }()

  private static func fillHandles(_ table: inout ferry_cublaslt) {
    table.Create = { handle in
      DriverDouble.call(.create) { state throws(BLASFailure) in
        guard (try? state.soundContext()) != nil else { throw .notInitialized }
        handle?.pointee = state.blas.makeHandle()
      }
    }
    table.Destroy = { handle in
      DriverDouble.call(.destroy) { state throws(BLASFailure) in try state.blas.remove(handle) }
    }
  }

  private static func fillDescriptions(_ table: inout ferry_cublaslt) {
    table.MatmulDescCreate = { handle, computeType, scaleType in
      DriverDouble.call(.matmulDescCreate) { state throws(BLASFailure) in
        guard computeType == FERRY_CUBLAS_COMPUTE_32F, scaleType == FERRY_CUDA_R_32F else {
          throw .notSupported
        }
        handle?.pointee = state.blas.add(BLASProduct())
      }
    }
    table.MatmulDescDestroy = { handle in
      DriverDouble.call(.matmulDescDestroy) { state throws(BLASFailure) in
        try state.blas.remove(handle)
      }
    }
    table.MatmulDescSetAttribute = { handle, attribute, value, size in
      DriverDouble.call(.matmulDescSetAttribute) { state throws(BLASFailure) in
        var product = try state.blas.product(handle)
        guard attribute == FERRY_CUBLASLT_DESC_TRANSA, size == 4, let value else {
          throw .invalidValue
        }
        product.transposesA = value.loadUnaligned(as: Int32.self) == 1
        state.blas.set(handle, product)
      }
    }
    table.MatrixLayoutCreate = { handle, type, rows, columns, leading in
      DriverDouble.call(.matrixLayoutCreate) { state throws(BLASFailure) in
        guard
          let matrix = BLASMatrix(type: type, rows: rows, columns: columns, leading: leading)
        else { throw .invalidValue }
        handle?.pointee = state.blas.add(matrix)
      }
    }
    table.MatrixLayoutDestroy = { handle in
      DriverDouble.call(.matrixLayoutDestroy) { state throws(BLASFailure) in
        try state.blas.remove(handle)
      }
    }
  }

  private static func fillPreferences(_ table: inout ferry_cublaslt) {
    table.MatmulPreferenceCreate = { handle in
      DriverDouble.call(.matmulPreferenceCreate) { state throws(BLASFailure) in
        handle?.pointee = state.blas.add(BLASPreference())
      }
    }
    table.MatmulPreferenceDestroy = { handle in
      DriverDouble.call(.matmulPreferenceDestroy) { state throws(BLASFailure) in
        try state.blas.remove(handle)
      }
    }
    table.MatmulPreferenceSetAttribute = { handle, attribute, value, size in
      DriverDouble.call(.matmulPreferenceSetAttribute) { state throws(BLASFailure) in
        var preference = try state.blas.preference(handle)
        guard let value else { throw .invalidValue }
        try preference.set(attribute, UnsafeRawBufferPointer(start: value, count: size))
        state.blas.set(handle, preference)
      }
    }
  }

  private static func fillProducts(_ table: inout ferry_cublaslt) {
    table.MatmulAlgoGetHeuristic = {
      handle, product, a, b, c, d, preference, room, choices, count in
      DriverDouble.call(.matmulAlgoGetHeuristic) { state throws(BLASFailure) in
        let call = try state.product(handle, product, a, b, c, d)
        guard room > 0 else { throw .invalidValue }
        choices?.pointee = try state.choose(call, try state.blas.preference(preference))
        count?.pointee = 1
      }
    }
    table.Matmul = {
      handle, product, alpha, a, aLayout, b, bLayout, beta, c, cLayout, d, dLayout, algorithm,
      workspace, size, stream in
      DriverDouble.call(.matmul) { state throws(BLASFailure) in
        let call = try state.product(handle, product, aLayout, bLayout, cLayout, dLayout)
        guard alpha?.loadUnaligned(as: Float.self) == 1, beta?.loadUnaligned(as: Float.self) == 0,
          let algorithm = algorithm?.pointee
        else { throw .invalidValue }
        guard let stream = try? state.soundStream(stream) else { throw .executionFailed }
        try state.multiply(
          call, BLASPlaces(a, b, d, workspace: workspace, size), algorithm, on: stream)
      }
    }
  }
}

extension DriverState {
  fileprivate func product(
    _ handle: OpaquePointer?, _ product: OpaquePointer?, _ a: OpaquePointer?, _ b: OpaquePointer?,
    _ c: OpaquePointer?, _ d: OpaquePointer?
  ) throws(BLASFailure) -> BLASCall {
    try blas.requireHandle(handle)
    let call = BLASCall(
      product: try blas.product(product), a: try blas.matrix(a), b: try blas.matrix(b),
      d: try blas.matrix(d))
    guard try blas.matrix(c) == call.d else { throw .invalidValue }
    return call
  }
}

extension BLASPreference {
  /// A `CUBLASLT_MATMUL_PREF_…`
  fileprivate mutating func set(
    _ attribute: Int32, _ value: UnsafeRawBufferPointer
  ) throws(BLASFailure) {
    switch (attribute, value.count) {
    case (Int32(FERRY_CUBLASLT_PREF_MAX_WORKSPACE_BYTES), 8):
      workspaceBytes = value.loadUnaligned(as: UInt64.self)
    case (Int32(FERRY_CUBLASLT_PREF_REDUCTION_SCHEME_MASK), 4): break
    case (5...8, 4): alignments[Int(attribute) - 5] = value.loadUnaligned(as: UInt32.self)
    default: throw .invalidValue
    }
  }
}
