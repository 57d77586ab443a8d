import CDrivers

/// The loaded OpenCL library: its entry points as plain functions.
///
/// `@unchecked Sendable`: the table is immutable and lives as long as the process.
struct OpenCLLibrary: @unchecked Sendable {
  private let table: UnsafePointer<ferry_opencl>

  /// Why there is no library.
  struct Missing: Error {
    let reason: String
  }

  /// Loads the first of `names` that can be.
  init(names: [String]) throws(Missing) {
    var reasons: [String] = []
    for name in names {
      var reason = [CChar](repeating: 0, count: 512)
      if let table = ferry_opencl_load(name, &reason, reason.count) {
        self.table = table
        return
      }
      let text = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      reasons.append(String(decoding: text, as: UTF8.self))
    }
    throw Missing(reason: reasons.joined(separator: "; "))
  }

  /// The entry points, by their C names without `cl`.
  var call: ferry_opencl { table.pointee }
}

/// A driver's object.
///
/// `@unchecked Sendable`: OpenCL's objects may be used from any thread; the one exception, setting
/// the arguments of a kernel, is done with the kernel's lock held.
struct OpenCLObject: @unchecked Sendable {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) { self.pointer = pointer }
}
