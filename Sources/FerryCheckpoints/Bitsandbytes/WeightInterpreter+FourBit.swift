import FerryFormats

extension WeightInterpreter {
  /// The weight whose packed codes are tensor `index`.
  mutating func fourBitWeight(_ index: Int, state: (index: Int, code: FourBitFormat.Code))
    throws(CheckpointError) -> CheckpointWeight
  {
    take(state.index)
    let name = contents.tensors[index].name
    let document = try quantizationState(state.index, code: state.code)
    let specifications = WeightFormat.fourBit(document.format).parts(shape: document.shape)
    try checkPayload(index, byteCount: specifications[0].byteCount)
    var parts = [index]
    for specification in specifications.dropFirst() {
      let part = try companion("\(name).\(specification.role.bitsandbytesName)", of: index)
      try check(part, is: specification.elementType, count: specification.count)
      parts.append(part)
    }
    let table = try companion("\(name).quant_map", of: index)
    try checkTable(table, code: state.code)
    return CheckpointWeight(
      name: name, format: .fourBit(document.format), dtype: document.dtype, shape: document.shape,
      nestedOffset: document.nestedOffset, parts: parts, companions: [table, state.index])
  }

  private mutating func quantizationState(_ index: Int, code: FourBitFormat.Code)
    throws(CheckpointError) -> QuantizationState
  {
    let tensor = contents.tensors[index]
    guard tensor.encoding == .elements(.u8), tensor.shape.count == 1 else {
      throw fault(index, .malformed, "is not U8 in one dimension")
    }
    let file = contents.files[tensor.file].path
    let bytes = try bytes(of: index, limit: QuantizationState.maximumByteCount)
    do {
      return try QuantizationState(
        try JSONValue(parsing: bytes, file: file, maximumDepth: 2), code: code, file: file,
        tensor: tensor.name)
    } catch {
      throw CheckpointError(error.code, file: file, tensor: tensor.name, error.message)
    }
  }

  /// Packed bytes are viewed in the type that `quant_storage` names, as a column or as a row.
  private func checkPayload(_ index: Int, byteCount: Int) throws(CheckpointError) {
    let tensor = contents.tensors[index]
    guard case .elements(let type) = tensor.encoding,
      [.u8, .i8, .f16, .bf16, .f32, .f64].contains(type)
    else {
      throw fault(
        index, .unsupported, "is packed in elements of \(tensor.encoding.typeName)")
    }
    guard tensor.byteCount == byteCount else {
      throw fault(
        index, .malformed,
        "has \(tensor.byteCount.counted("byte")); its quant_state asks for \(byteCount)")
    }
    let count = byteCount / type.byteCount
    guard tensor.shape == [count, 1] || tensor.shape == [1, count] else {
      throw fault(index, .malformed, "has the shape \(tensor.shape), not [\(count), 1]")
    }
  }

  /// `quant_map` must hold the values of its code; +0 and -0 are equal.
  private mutating func checkTable(_ index: Int, code: FourBitFormat.Code)
    throws(CheckpointError)
  {
    try check(index, is: .f32, count: 16)
    let stored = try bytes(of: index, limit: 64).withUnsafeBytes { bytes in
      (0..<16).map {
        Float(
          bitPattern: UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
    guard stored == code.table else {
      throw fault(index, .unsupported, "is not the table of \(code.rawValue)")
    }
  }
}

extension PartRole {
  /// What bitsandbytes appends to the name of a 4-bit weight for this part.
  var bitsandbytesName: String {
    switch self {
    case .payload: "weight"
    case .absmax: "absmax"
    case .nestedAbsmax: "nested_absmax"
    case .nestedTable: "nested_quant_map"
    case .rowAbsmax: "SCB"
    case .table: "quant_map"
    }
  }
}
