import FerryFormats

/// The checked header of one safetensors file: u64 length, JSON, data.
///
/// Format: https://github.com/huggingface/safetensors, "Format".
struct SafetensorsHeader {
  /// The longest header that readers accept, as in the reference implementation.
  static let maximumByteCount = 100_000_000
  /// The maximum nesting depth of a header, as in the reference implementation; unknown fields may contain anything.
  private static let maximumDepth = 127

  /// The tensors in the order of their bytes.
  let tensors: [StoredTensor]
  /// The texts under `__metadata__`.
  let metadata: [JSONValue.Member]

  /// Reads the header of `reader`, which is file number `index` of its checkpoint.
  init(_ reader: FileReader, index: Int) throws(CheckpointError) {
    let path = reader.file.path
    let bytes = try Self.document(of: reader)
    let document = try JSONValue(
      parsing: bytes, file: path, maximumDepth: Self.maximumDepth, repeatedKeys: .kept)
    guard let members = document.object else {
      throw CheckpointError(.malformed, file: path, "the header is no object; get the file again")
    }
    var entries = SafetensorsEntries(
      file: path, index: index, dataStart: 8 + bytes.count, fileEnd: reader.file.byteCount)
    try entries.append(members)
    metadata = try entries.metadata(of: members)
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
    let isSpace = Set(" \t\r\n".utf8)
    guard bytes.first(where: { !isSpace.contains($0) }) == UInt8(ascii: "{") else {
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
  private static let metadataKey = "__metadata__"
  private var tensors: [StoredTensor] = []

  init(file: String, index: Int, dataStart: Int, fileEnd: Int) {
    self.file = file
    self.index = index
    self.dataStart = dataStart
    self.fileEnd = fileEnd
  }

  private func fault(_ tensor: String?, _ what: String) -> CheckpointError {
    CheckpointError(.malformed, file: file, tensor: tensor, "\(what); get the file again")
  }

  /// Returns the strings under `__metadata__`; empty if it is null. If a key occurs more than once, its last value
  /// counts.
  func metadata(of header: [JSONValue.Member]) throws(CheckpointError) -> [JSONValue.Member] {
    let sections = header.filter { $0.key.hasSameBytes(as: Self.metadataKey) }
    guard sections.count <= 1 else { throw fault(nil, "__metadata__ is there twice") }
    guard let section = sections.first, !section.value.isNull else { return [] }
    guard let texts = section.value.object, texts.allSatisfy({ $0.value.string != nil }) else {
      throw fault(nil, "__metadata__ is not an object of texts")
    }
    return texts.lastOfEachKey
  }

  /// Checks and appends the entries of tensors, skipping `__metadata__`. If a name occurs more than once, its last
  /// entry counts, but the others must be well-formed too.
  mutating func append(_ members: [JSONValue.Member]) throws(CheckpointError) {
    let entries = members.filter { !$0.key.hasSameBytes(as: Self.metadataKey) }
    let last = entries.lastOfEachKey
    for entry in last { tensors.append(try tensor(entry.key, entry.value)) }
    guard last.count < entries.count else { return }
    for entry in entries { _ = try fields(entry.key, entry.value) }
  }

  private func tensor(_ name: String, _ entry: JSONValue) throws(CheckpointError) -> StoredTensor {
    let (dtype, shape, range) = try fields(name, entry)
    let type = SafetensorsType(named: dtype)
    let count = try type.byteCount(shape: shape) { fault(name, $0) }
    guard range.count == 2, range[0] <= range[1], range[1] <= fileEnd - dataStart else {
      throw fault(name, "data_offsets \(range) leave the \(fileEnd - dataStart) bytes of data")
    }
    let size = range[1] - range[0]
    guard size == count ?? size else {
      let expected = (count ?? size).counted("byte")
      throw fault(name, "\(dtype) \(shape) takes \(expected), data_offsets \(range) differ")
    }
    return StoredTensor(
      name: name, encoding: type.encoding, shape: shape, file: index,
      offset: dataStart + range[0], byteCount: size)
  }

  private func fields(
    _ name: String, _ entry: JSONValue
  ) throws(CheckpointError) -> (dtype: String, shape: [Int], offsets: [Int]) {
    guard let fields = SafetensorsFields(entry) else {
      throw fault(name, "the entry is not {dtype, shape, data_offsets}")
    }
    return (
      fields.dtype,
      try fields.shape.naturals { fault(name, "the shape is not of whole numbers ≥ 0") },
      try fields.offsets.naturals { fault(name, "data_offsets are not whole numbers ≥ 0") }
    )
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

/// The three fields of a tensor's entry.
private struct SafetensorsFields {
  let dtype: String
  let shape: [JSONValue]
  let offsets: [JSONValue]

  /// Reads an entry: an object in which each of the three fields occurs once, possibly beside others; or, as the
  /// reference implementation also allows, an array of the three.
  init?(_ entry: JSONValue) {
    var fields = entry.array ?? []
    if let members = entry.object {
      fields = ["dtype", "shape", "data_offsets"].compactMap { key in
        let same = members.filter { $0.key.hasSameBytes(as: key) }
        return same.count == 1 ? same[0].value : nil
      }
    }
    guard fields.count == 3, let dtype = fields[0].string, !dtype.isEmpty,
      let shape = fields[1].array, let offsets = fields[2].array
    else { return nil }
    (self.dtype, self.shape, self.offsets) = (dtype, shape, offsets)
  }
}

extension [JSONValue.Member] {
  /// The members in order, with only the last one of each key.
  fileprivate var lastOfEachKey: [JSONValue.Member] {
    var last = [ExactString: Int](minimumCapacity: count)
    for (index, member) in enumerated() { last[ExactString(member.key)] = index }
    guard last.count < count else { return self }
    return enumerated().filter { last[ExactString($1.key)] == $0 }.map(\.element)
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
      guard case .number(let text) = value, text.utf8.first != UInt8(ascii: "-"),
        let number = Int(text)
      else { throw fault() }
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
