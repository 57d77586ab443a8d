import FerryCheckpoints

/// Where a conversion writes: one file, or a folder with everything that belongs to a model.
enum ConversionTarget {
  case file(SafetensorsWriter)
  case folder(FolderWriter, ShardedWriter, leftOut: [String])

  /// The bytes of the weight files.
  var byteCount: Int {
    switch self {
    case .file(let writer): writer.byteCount
    case .folder(_, let writer, _): writer.byteCount
    }
  }

  /// The files and folders of the source that are not part of the result.
  var leftOut: [String] {
    switch self {
    case .file: []
    case .folder(_, _, let leftOut): leftOut
    }
  }

  /// Writes bytes of tensor number `tensor` from `offset` within it on.
  func write(_ bytes: UnsafeRawBufferPointer, tensor: Int, at offset: Int = 0) throws {
    switch self {
    case .file(let writer): try writer.write(bytes, tensor: tensor, at: offset)
    case .folder(_, let writer, _): try writer.write(bytes, tensor: tensor, at: offset)
    }
  }

  /// Gives the result its name.
  func finish() throws {
    switch self {
    case .file(let writer): try writer.finish()
    case .folder(let folder, let writer, _):
      try writer.finish()
      try folder.finish()
    }
  }
}
