import FerryFormats

/// Combines the stored tensors of a checkpoint into weights, following bitsandbytes' naming scheme.
///
/// The keys decide, not the configuration, because mixed checkpoints are common. A companion that is missing or belongs
/// to no weight is an error: loading such a weight would silently give garbage. If neither the configuration nor any
/// key indicates bitsandbytes, every tensor is a weight of its own, whatever its type.
struct WeightInterpreter {
  let contents: CheckpointContents
  private let quantization: QuantizationConfiguration?
  private let isForeign: Bool
  private let rowType: ElementType
  private var taken: [Bool]
  private var reader: FileReader?

  /// - Parameters:
  ///   - isForeign: whether the configuration says that another library quantized the model.
  ///   - rowType: the type that 8-bit weights count as quantized from.
  init(
    _ contents: CheckpointContents, quantization: QuantizationConfiguration?,
    isForeign: Bool = false, rowType: ElementType
  ) {
    self.contents = contents
    self.quantization = quantization
    self.isForeign = isForeign
    self.rowType = rowType
    taken = Array(repeating: false, count: contents.tensors.count)
  }

  /// The weights in the order of their payloads.
  mutating func weights() throws(CheckpointError) -> [CheckpointWeight] {
    let names = contents.tensors.map { CompanionName($0.name) }
    guard isOfBitsandbytes(names) else { return contents.plainWeights }
    let states = try states(names)
    var weights: [CheckpointWeight] = []
    for (index, tensor) in contents.tensors.enumerated() {
      if let state = states[ExactString(tensor.name)] {
        weights.append(try fourBitWeight(index, state: state))
      } else if names[index] == nil {
        try checkIsNoCompanion(index, of: states)
        weights.append(try otherWeight(index))
      }
    }
    for (index, name) in names.enumerated() {
      if let name, !taken[index] { throw orphan(index, name) }
    }
    return weights
  }

  /// Returns true if the configuration declares bitsandbytes or a tensor has a name that only bitsandbytes uses.
  private func isOfBitsandbytes(_ names: [CompanionName?]) -> Bool {
    if quantization != nil { return true }
    guard !isForeign else { return false }
    return names.contains { name in
      guard let name else { return false }
      return name.isOfBitsandbytesAlone || contents.index[ExactString(name.payload)] != nil
    }
  }

  /// Throws if the tensor's name makes it a companion of a quantized weight, of no known kind.
  private func checkIsNoCompanion(
    _ index: Int, of states: [ExactString: (index: Int, code: FourBitFormat.Code)]
  ) throws(CheckpointError) {
    let name = contents.tensors[index].name
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return }
    let owner = ExactString(String(name[..<dot]))
    guard states[owner] != nil || isRowWeight(contents.index[owner]) else { return }
    throw fault(index, .incomplete, "'\(owner.text)' has no use for this companion")
  }

  /// The documents of 4-bit weights by payload.
  private func states(_ names: [CompanionName?]) throws(CheckpointError)
    -> [ExactString: (index: Int, code: FourBitFormat.Code)]
  {
    var states: [ExactString: (index: Int, code: FourBitFormat.Code)] = [:]
    for (index, name) in names.enumerated() {
      guard let name, case .state(let suffix) = name.kind else { continue }
      guard let code = FourBitFormat.Code(rawValue: suffix) else {
        throw fault(index, .unsupported, "the code '\(suffix)' is not nf4 or fp4")
      }
      guard states.updateValue((index, code), forKey: ExactString(name.payload)) == nil else {
        throw fault(index, .incomplete, "'\(name.payload)' has two quant_state documents")
      }
    }
    return states
  }

  private mutating func otherWeight(_ index: Int) throws(CheckpointError) -> CheckpointWeight {
    let tensor = contents.tensors[index]
    if isRowWeight(index) { return try rowWeight(index) }
    let isMatrix = tensor.shape.count == 2 && tensor.name.hasByteSuffix(".weight")
    if quantization?.width == .fourBit, isMatrix, tensor.shape[1] == 1,
      [.elements(.u8), .elements(.i8)].contains(tensor.encoding)
    {
      throw fault(index, .incomplete, "is packed, but its quant_state document is missing")
    }
    // An I8 matrix of this name without statistics would be a quantized layer that lost them; masks and tables have
    // other names.
    if isMatrix, tensor.encoding == .elements(.i8) { return try rowWeight(index) }
    return CheckpointWeight(plain: index, tensor)
  }

  /// Returns true if the tensor is I8 and has row statistics beside it.
  private func isRowWeight(_ index: Int?) -> Bool {
    guard let tensor = index.map({ contents.tensors[$0] }), tensor.encoding == .elements(.i8),
      let stem = CompanionName.rowStem(payload: tensor.name)
    else { return false }
    return contents.index[ExactString(stem + "SCB")] != nil
  }

  private func orphan(_ index: Int, _ name: CompanionName) -> CheckpointError {
    let isThere = contents.index[ExactString(name.payload)] != nil
    return fault(
      index, .incomplete,
      isThere
        ? "'\(name.payload)' has no use for this companion"
        : "belongs to '\(name.payload)', which is missing")
  }

  func fault(_ index: Int, _ code: CheckpointError.Code, _ what: String) -> CheckpointError {
    let tensor = contents.tensors[index]
    return CheckpointError(
      code, file: contents.files[tensor.file].path, tensor: tensor.name,
      "\(what); get or quantize the model again")
  }

  /// The companion `name` of tensor `payload`, now taken.
  mutating func companion(_ name: String, of payload: Int) throws(CheckpointError) -> Int {
    guard let index = optionalCompanion(name) else {
      throw fault(payload, .incomplete, "the companion '\(name)' is missing")
    }
    return index
  }

  mutating func optionalCompanion(_ name: String) -> Int? {
    guard let index = contents.index[ExactString(name)] else { return nil }
    taken[index] = true
    return index
  }

  mutating func take(_ index: Int) { taken[index] = true }

  /// The bytes of a small tensor.
  mutating func bytes(of index: Int, limit: Int) throws(CheckpointError) -> [UInt8] {
    let tensor = contents.tensors[index]
    guard tensor.byteCount <= limit else {
      throw fault(
        index, .malformed, "has \(tensor.byteCount.counted("byte")); at most \(limit) make sense")
    }
    let file = contents.files[tensor.file]
    if let reader, reader.file == file {
      return try reader.bytes(at: tensor.offset, count: tensor.byteCount)
    }
    let reader = try FileReader(path: file.path)
    try reader.check(against: file)
    self.reader = reader
    return try reader.bytes(at: tensor.offset, count: tensor.byteCount)
  }

  /// Throws unless tensor `index` is `count` elements of `type` in one dimension.
  func check(_ index: Int, is type: ElementType, count: Int) throws(CheckpointError) {
    let tensor = contents.tensors[index]
    guard tensor.encoding == .elements(type), tensor.shape == [count] else {
      throw fault(
        index, .malformed,
        "is \(tensor.encoding.typeName) \(tensor.shape), not \(type) [\(count)]")
    }
  }

  /// The weight whose codes are the I8 tensor `index`, with its row statistics.
  private mutating func rowWeight(_ index: Int) throws(CheckpointError) -> CheckpointWeight {
    let tensor = contents.tensors[index]
    guard let stem = CompanionName.rowStem(payload: tensor.name) else {
      throw fault(index, .incomplete, "is I8 but not named *.weight, so that it has no SCB")
    }
    guard tensor.shape.count == 2 else {
      throw fault(index, .malformed, "has the shape \(tensor.shape), not [rows, columns]")
    }
    let statistics = try companion(stem + "SCB", of: index)
    try check(statistics, is: .f32, count: tensor.shape[0])
    let layout = optionalCompanion(stem + "weight_format")
    if let layout { try checkRowMajor(layout) }
    return CheckpointWeight(
      name: tensor.name, format: .int8Rows, dtype: rowType, shape: tensor.shape,
      nestedOffset: 0, parts: [index, statistics], companions: layout.map { [$0] } ?? [])
  }

  /// `weight_format` is the number 0, or the text "row" of old files; the numbers 1 to 3 and their
  /// texts are layouts of old kernels.
  private mutating func checkRowMajor(_ index: Int) throws(CheckpointError) {
    guard contents.tensors[index].encoding == .elements(.u8) else {
      throw fault(index, .malformed, "is not of type U8")
    }
    let value = try bytes(of: index, limit: 16)
    if value == [0] || value == Array("row".utf8) { return }
    let others = ["col32", "col_turing", "col_ampere"].map { Array($0.utf8) } + [[1], [2], [3]]
    throw others.contains(value)
      ? fault(index, .unsupported, "is a layout other than row")
      : fault(index, .malformed, "is no layout that bitsandbytes knows")
  }
}
