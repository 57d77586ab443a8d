package import CDrivers

/// The loaded cuBLASLt: its entry points as plain functions.
///
/// `@unchecked Sendable`: the table is immutable and lives as long as the process.
package struct CUDABLASLtLibrary: @unchecked Sendable {
  private let table: UnsafePointer<ferry_cublaslt>

  /// Where a backend finds the library.
  package typealias Source = @Sendable () -> CUDABLASLtLibrary?

  /// The library of this machine, under the names of CUDA 13 and 12, where the loader finds it
  /// (`LD_LIBRARY_PATH`); nil where there is none. Loaded when it is first asked for.
  package static let installed = CUDABLASLtLibrary(
    names: ["libcublasLt.so.13", "libcublasLt.so.12"])

  /// A table that somebody else filled, and that lives as long as the process.
  package init(_ table: UnsafePointer<ferry_cublaslt>) { self.table = table }

  /// Loads the first of `names` that can be.
  package init?(names: [String]) {
    var reason = [CChar](repeating: 0, count: 512)
    for name in names {
      guard let table = ferry_cublaslt_load(name, &reason, reason.count) else { continue }
      self.table = table
      return
    }
    return nil
  }

  /// The entry points, by their C names without `cublasLt`.
  package var call: ferry_cublaslt { table.pointee }
}
