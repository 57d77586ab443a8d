/// A checkpoint that cannot be read or written.
package struct CheckpointError: Error, Sendable, CustomStringConvertible {
  /// What went wrong.
  package struct Code: Hashable, Sendable {
    private enum Value: Hashable, Sendable {
      case unreadable, malformed, unsupported, incomplete, exists, unwritable, fileChanged
    }
    private let value: Value

    /// A file is missing or cannot be read.
    package static let unreadable = Code(value: .unreadable)
    /// A file contradicts itself or its format.
    package static let malformed = Code(value: .malformed)
    /// A file is sound, but holds something Ferry does not read.
    package static let unsupported = Code(value: .unsupported)
    /// A quantized weight lacks a companion, or has one too many.
    package static let incomplete = Code(value: .incomplete)
    /// The destination exists already.
    package static let exists = Code(value: .exists)
    /// A file cannot be written.
    package static let unwritable = Code(value: .unwritable)
    /// A file changed between being opened and being read.
    package static let fileChanged = Code(value: .fileChanged)
  }

  /// What went wrong.
  package let code: Code
  /// What went wrong, and the remedy.
  package let message: String
  /// The file at fault.
  package let file: String
  /// The tensor at fault, where there is one.
  package let tensor: String?

  package init(_ code: Code, file: String, tensor: String? = nil, _ message: String) {
    self.code = code
    self.file = file
    self.tensor = tensor
    self.message = message
  }

  /// File, tensor and message in one line.
  package var description: String {
    tensor.map { "\(file): tensor '\($0)': \(message)" } ?? "\(file): \(message)"
  }
}
