import FerryFormats

/// The checked header of one safetensors file: u64 length, JSON, data.
///
/// Format: https://github.com/huggingface/safetensors, "Format".
struct SafetensorsHeader {
  /// The longest header that readers accept, as in the reference implementation.
  static let maximumByteCount = 100_000_000

  /// The tensors in the order of their bytes.
  let tensors: [StoredTensor]
  /// The texts under `__metadata__`.
  let metadata: [JSONValue.Member]

  /// Reads the header of `reader`, which is file number `index` of its checkpoint.
  init(_ reader: FileReader, index: Int) throws(CheckpointError) {
    let path = reader.file.path
    let bytes = try Self.document(of: reader)
    // Three levels: the header, a tensor, its shape.
    let document = try JSONValue(parsing: bytes, file: path, maximumDepth: 3)
    guard let members = document.object else {
      throw CheckpointError(.malformed, file: path, "the header is no object; get the file again")
    }
    var entries = SafetensorsEntries(
      file: path, index: index, dataStart: 8 + bytes.count, fileEnd: reader.file.byteCount)
    for member in members { try entries.append(member) }
    metadata = entries.metadata
    tensors = try entries.covered()
  }

  private static func document(of reader: FileReader) throws(CheckpointError) -> [UInt8] {
    let (path, size) = (reader.file.path, reader.file.byteCount)
    func fault(_ what: String) -> CheckpointError {
      CheckpointError(.malformed, file: path, "\(what); get the file again")
    }
    guard size >= 8 else {
      throw fault("is too short for a safetensors file (\(size.counted("byte")))")
    }
    let length = try reader.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) {
      $0 << 8 | UInt64($1)
    }
    guard length <= UInt64(size - 8) else {
      throw fault("claims a header of \(length) bytes but has only \(size) in all")
    }
    guard length <= UInt64(maximumByteCount) else {
      throw fault("claims a header of \(length) bytes; at most \(maximumByteCount) are allowed")
    }
    let bytes = try reader.bytes(at: 8, count: Int(length))
    guard bytes.first == UInt8(ascii: "{") else {
      throw fault("has no safetensors header (it must start with '{')")
    }
    return bytes
  }
}

/// The entries of a header while they are checked.
private struct SafetensorsEntries {
  let file: String
  let index: Int
  let dataStart: Int
  let fileEnd: Int
  var metadata: [JSONValue.Member] = []
  private var tensors: [StoredTensor] = []

  init(file: String, index: Int, dataStart: Int, fileEnd: Int) {
    self.file = file
    self.index = index
    self.dataStart = dataStart
    self.fileEnd = fileEnd
  }

  private func fault(
    _ tensor: String?, _ what: String, code: CheckpointError.Code = .malformed
  ) -> CheckpointError {
    CheckpointError(code, file: file, tensor: tensor, "\(what); get the file again")
  }

  mutating func append(_ member: JSONValue.Member) throws(CheckpointError) {
    if member.key.hasSameBytes(as: "__metadata__") {
      guard let texts = member.value.object, texts.allSatisfy({ $0.value.string != nil }) else {
        throw fault(nil, "__metadata__ is not an object of texts")
      }
      metadata = texts
    } else {
      tensors.append(try tensor(member.key, member.value))
    }
  }

  private func tensor(_ name: String, _ entry: JSONValue) throws(CheckpointError) -> StoredTensor {
    guard let fields = entry.object, fields.count == 3, let dtype = entry["dtype"]?.string,
      let extents = entry["shape"]?.array, let offsets = entry["data_offsets"]?.array
    else { throw fault(name, "the entry is not {dtype, shape, data_offsets}") }
    guard let type = ElementType(safetensorsName: dtype) else {
      throw CheckpointError(
        .unsupported, file: file, tensor: name,
        "element type \(dtype) is not supported; convert the tensor to F32, F16 or BF16")
    }
    let shape = try extents.naturals { fault(name, "the shape is not of whole numbers ≥ 0") }
    let range = try offsets.naturals { fault(name, "data_offsets are not whole numbers ≥ 0") }
    guard let count = shape.checkedProduct(by: type.byteCount) else {
      throw fault(name, "the shape \(shape) is too large")
    }
    guard range.count == 2, range[0] <= range[1], range[1] <= fileEnd - dataStart else {
      throw fault(name, "data_offsets \(range) leave the \(fileEnd - dataStart) bytes of data")
    }
    guard range[1] - range[0] == count else {
      throw fault(
        name, "\(dtype) \(shape) takes \(count.counted("byte")), data_offsets \(range) differ")
    }
    return StoredTensor(
      name: name, encoding: .elements(type), shape: shape, file: index,
      offset: dataStart + range[0], byteCount: count)
  }

  /// The tensors by offset; throws unless they cover the data exactly.
  func covered() throws(CheckpointError) -> [StoredTensor] {
    let order = tensors.indices.sorted { a, b in
      let (left, right) = (tensors[a], tensors[b])
      return (left.offset, left.byteCount, a) < (right.offset, right.byteCount, b)
    }
    var end = dataStart
    for index in order {
      let tensor = tensors[index]
      guard tensor.offset >= end else { throw fault(tensor.name, "overlaps another tensor") }
      guard tensor.offset == end else {
        throw fault(tensor.name, "follows a hole of \((tensor.offset - end).counted("byte"))")
      }
      end += tensor.byteCount
    }
    guard end == fileEnd else {
      throw fault(nil, "has \((fileEnd - end).counted("byte")) after its last tensor")
    }
    return order.map { tensors[$0] }
  }
}

extension [JSONValue] {
  /// The values as whole numbers that are not negative.
  func naturals(
    _ fault: () -> CheckpointError
  ) throws(CheckpointError) -> [Int] {
    var numbers: [Int] = []
    numbers.reserveCapacity(count)
    for value in self {
      guard let number = value.integer, number >= 0 else { throw fault() }
      numbers.append(number)
    }
    return numbers
  }
}

extension [Int] {
  /// The product of all with `size`; nil where any step overflows.
  func checkedProduct(by size: Int = 1) -> Int? {
    var product = size
    for factor in self {
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }
}
