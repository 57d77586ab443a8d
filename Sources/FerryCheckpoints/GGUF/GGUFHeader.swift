import FerryFormats

/// The checked header of a GGUF file, version 2 or 3, little-endian.
///
/// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
struct GGUFHeader {
  /// "GGUF" as it stands in the file.
  static let magic: [UInt8] = [0x47, 0x47, 0x55, 0x46]

  /// The tensors in the order of their bytes.
  let tensors: [StoredTensor]
  /// The key-value pairs.
  let metadata: GGUFMetadata

  /// Reads the header of `reader`, the only file of its checkpoint.
  init(_ reader: FileReader) throws(CheckpointError) {
    var cursor = GGUFCursor(reader)
    try Self.checkVersion(&cursor, file: reader.file.path)
    // A tensor takes at least a name, a rank, a type and an offset; a pair a key, a type, a byte.
    let tensorCount = try cursor.count("a tensor count", limit: (cursor.remaining - 8) / 24)
    let pairCount = try cursor.count("a metadata count", limit: (cursor.remaining - 8) / 13)
    metadata = try Self.metadata(&cursor, count: pairCount)
    let alignment = try Self.alignment(metadata, cursor)
    var entries = GGUFEntries(file: reader.file.path, alignment: alignment)
    for _ in 0..<tensorCount { try entries.append(&cursor) }
    tensors = try entries.placed(after: cursor.position, fileEnd: reader.file.byteCount)
  }

  private static func checkVersion(_ cursor: inout GGUFCursor, file: String)
    throws(CheckpointError)
  {
    for byte in magic {
      guard try cursor.integer(UInt8.self) == byte else {
        throw cursor.fault("the magic 'GGUF' is missing")
      }
    }
    let version: UInt32 = try cursor.integer()
    guard version != 2, version != 3 else { return }
    let isBigEndian = version.byteSwapped < 0x1_0000 && version > 0xffff
    throw CheckpointError(
      .unsupported, file: file,
      isBigEndian
        ? "is a big-endian GGUF file, which is not supported; run gguf-convert-endian of the gguf package on it"
        : "is of GGUF version \(version), which is not supported; convert the original model to version 3"
    )
  }

  private static func metadata(_ cursor: inout GGUFCursor, count: Int) throws(CheckpointError)
    -> GGUFMetadata
  {
    var values: [String: GGUFMetadata.Value] = [:]
    for _ in 0..<count {
      let key = try cursor.text("a metadata key")
      let type: UInt32 = try cursor.integer()
      let value = try cursor.value(type: type)
      guard values.updateValue(value, forKey: key) == nil else {
        throw cursor.fault("the metadata key '\(key)' is there twice")
      }
    }
    return GGUFMetadata(values: values)
  }

  private static func alignment(_ metadata: GGUFMetadata, _ cursor: GGUFCursor)
    throws(CheckpointError) -> Int
  {
    guard metadata.values["general.alignment"] != nil else { return 32 }
    guard let alignment = metadata.int("general.alignment"), alignment > 0, alignment <= 1 << 20,
      alignment & (alignment - 1) == 0
    else { throw cursor.fault("general.alignment is not a power of two") }
    return alignment
  }
}

/// The tensor entries of a GGUF header while they are checked.
private struct GGUFEntries {
  let file: String
  let alignment: Int
  private var tensors: [GGUFEntry] = []
  private var names = Set<ExactString>()

  init(file: String, alignment: Int) {
    self.file = file
    self.alignment = alignment
  }

  private func fault(_ tensor: String?, _ what: String) -> CheckpointError {
    CheckpointError(.malformed, file: file, tensor: tensor, "\(what); get the file again")
  }

  /// Reads one entry; its offset still counts from the start of the data.
  mutating func append(_ cursor: inout GGUFCursor) throws(CheckpointError) {
    let name = try cursor.text("a tensor name")
    guard names.insert(ExactString(name)).inserted else { throw fault(name, "is there twice") }
    let rank: UInt32 = try cursor.integer()
    guard rank <= 4 else { throw fault(name, "has \(rank) dimensions; GGUF allows 4") }
    var shape: [Int] = []
    for _ in 0..<rank { shape.append(try cursor.count("an extent", limit: .max)) }
    shape.reverse()
    let number: UInt32 = try cursor.integer()
    let offset = try cursor.count("a tensor offset", limit: .max)
    guard let type = GGUFElementType(number: number) else {
      throw fault(name, "type number \(number) is not one of GGUF")
    }
    let byteCount = type.byteCount(shape: shape)
    guard byteCount != nil || !type.isSized && shape.checkedProduct() != nil else {
      throw fault(name, "the shape \(shape) is too large or its rows are not of whole blocks")
    }
    guard offset % alignment == 0 else { throw fault(name, "is not aligned to \(alignment) bytes") }
    tensors.append(
      GGUFEntry(
        name: name, encoding: type.encoding, shape: shape, offset: offset, byteCount: byteCount))
  }

  /// The tensors by offset in the file; throws unless they follow one another with no more than the
  /// padding that the alignment asks for, and end with the file. What is of no known size goes on to the next
  /// tensor, its padding included.
  func placed(after headerEnd: Int, fileEnd: Int) throws(CheckpointError) -> [StoredTensor] {
    let start = aligned(headerEnd)
    let order = tensors.indices.sorted { tensors[$0].order(before: tensors[$1], $0 < $1) }
    var placed: [StoredTensor] = []
    placed.reserveCapacity(order.count)
    var end = start
    for (position, index) in order.enumerated() {
      let entry = tensors[index]
      let (first, overflow) = start.addingReportingOverflow(entry.offset)
      let next = position + 1 < order.count ? tensors[order[position + 1]].offset : nil
      guard !overflow, first <= fileEnd,
        case let byteCount = entry.byteCount ?? next.map({ $0 - entry.offset }) ?? (fileEnd - first),
        byteCount <= fileEnd - first
      else { throw fault(entry.name, "reaches beyond the end of the file") }
      guard first >= end else { throw fault(entry.name, "overlaps another tensor") }
      guard first == aligned(end) else {
        throw fault(entry.name, "follows a hole of \((first - end).counted("byte"))")
      }
      placed.append(entry.tensor(at: first, byteCount: byteCount))
      end = first + byteCount
    }
    guard fileEnd <= aligned(end) else {
      throw fault(nil, "has \((fileEnd - end).counted("byte")) after its last tensor")
    }
    return placed
  }

  private func aligned(_ offset: Int) -> Int { (offset + alignment - 1) & ~(alignment - 1) }
}

/// One tensor as the header declares it; its offset counts from the start of the data.
private struct GGUFEntry {
  let name: String
  let encoding: StoredEncoding
  let shape: [Int]
  let offset: Int
  /// Nil for a type of no known size.
  let byteCount: Int?

  /// By offset; of those that begin together, the empty ones come first, and then as they are in the header.
  func order(before other: GGUFEntry, _ isEarlier: Bool) -> Bool {
    let (left, right) = (byteCount ?? .max, other.byteCount ?? .max)
    return (offset, left, isEarlier ? 0 : 1) < (other.offset, right, isEarlier ? 1 : 0)
  }

  func tensor(at offset: Int, byteCount: Int) -> StoredTensor {
    StoredTensor(
      name: name, encoding: encoding, shape: shape, file: 0, offset: offset,
      byteCount: byteCount)
  }
}
