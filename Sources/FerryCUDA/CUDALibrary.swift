package import CDrivers

/// The loaded CUDA driver: its entry points as plain functions.
///
/// `@unchecked Sendable`: the table is immutable and lives as long as the process.
package struct CUDALibrary: @unchecked Sendable {
  private let table: UnsafePointer<ferry_cuda>

  /// Why there is no library.
  package struct Missing: Error {
    package let reason: String
  }

  /// A table that somebody else filled, and that lives as long as the process.
  package init(_ table: UnsafePointer<ferry_cuda>) { self.table = table }

  /// Loads the first of `names` that can be.
  package init(names: [String]) throws(Missing) {
    var reasons: [String] = []
    for name in names {
      var reason = [CChar](repeating: 0, count: 512)
      if let table = ferry_cuda_load(name, &reason, reason.count) {
        self.table = table
        return
      }
      let text = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      reasons.append(String(decoding: text, as: UTF8.self))
    }
    throw Missing(reason: reasons.joined(separator: "; "))
  }

  /// The entry points, by their C names without `cu`.
  package var call: ferry_cuda { table.pointee }
}

extension CUDALibrary: Equatable {
  /// Whether both are the same table, so that handles of one mean the same to the other.
  package static func == (one: CUDALibrary, other: CUDALibrary) -> Bool {
    one.table == other.table
  }
}

/// A driver's object: a context, stream, event, module, function or graph.
///
/// `@unchecked Sendable`: CUDA's objects may be used from any thread; the exception, a graph that is
/// launched, is ordered by the stream it runs on.
struct CUDAObject: @unchecked Sendable {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) { self.pointer = pointer }
}
