package import FerryFormats

/// The tensors under which bitsandbytes stores one weight: their names, types and shapes follow from
/// name, format and shape alone, so that a file's header can be written before the weight is made.
package struct BitsandbytesEncoding: Sendable {
  /// The tensors: the weight's parts in their order, then its companions.
  package let tensors: [WeightTensor]
  private let state: QuantizationState?

  /// The tensors of a weight; nil if bitsandbytes has no keys for it: dynamic 8-bit weights, opaque bytes, and 8-bit
  /// rows of anything but a matrix named `*.weight`.
  ///
  /// - Parameter dtype: The type the weight was quantized from.
  package init?(name: String, format: WeightFormat, dtype: ElementType, shape: [Int]) {
    let parts = format.parts(shape: shape)
    switch format {
    case .plain(let type):
      state = nil
      tensors = [WeightTensor(OutputTensor(name, type, shape: shape), .part(0))]
    case .fourBit(let fourBit):
      let state = QuantizationState(
        format: fourBit, dtype: dtype, shape: shape, nestedOffset: 0)
      self.state = state
      tensors = Self.fourBitTensors(name, parts: parts, state: state)
    case .int8Rows:
      guard let stem = CompanionName.rowStem(payload: name), shape.count == 2 else { return nil }
      state = nil
      tensors = Self.rowTensors(name, stem: stem, shape: shape)
    case .dynamic8, .opaque: return nil
    }
  }

  private static func fourBitTensors(
    _ name: String, parts: [PartSpecification], state: QuantizationState
  ) -> [WeightTensor] {
    var tensors = parts.enumerated().map { index, part in
      let key = part.role == .payload ? name : "\(name).\(part.role.bitsandbytesName)"
      let shape = part.role == .payload ? [part.count, 1] : [part.count]
      return WeightTensor(OutputTensor(key, part.elementType, shape: shape), .part(index))
    }
    tensors.append(
      WeightTensor(
        OutputTensor("\(name).quant_map", .f32, shape: [16]),
        .constant(state.format.code.storedTable)))
    let key = "\(name).quant_state.bitsandbytes__\(state.format.code.rawValue)"
    let document = OutputTensor(key, .u8, shape: [state.maximumDocumentByteCount])
    return tensors + [WeightTensor(document, .document)]
  }

  private static func rowTensors(_ name: String, stem: String, shape: [Int]) -> [WeightTensor] {
    [
      WeightTensor(OutputTensor(name, .i8, shape: shape), .part(0)),
      WeightTensor(OutputTensor(stem + "SCB", .f32, shape: [shape[0]]), .part(1)),
      WeightTensor(OutputTensor(stem + "weight_format", .u8, shape: []), .constant([0])),
    ]
  }

  /// The JSON document of a 4-bit weight, padded with spaces to `byteCount`, the size that its tensor
  /// was given; none for other formats.
  package func document(nestedOffset: Float, byteCount: Int) -> [UInt8]? {
    guard var state else { return nil }
    state.nestedOffset = nestedOffset
    let bytes = Array(state.document.serialized(.spaced).utf8)
    precondition(bytes.count <= byteCount, "room for the document")
    return bytes + Array(repeating: UInt8(ascii: " "), count: byteCount - bytes.count)
  }
}

/// One tensor to be stored for a weight, and what its bytes are.
package struct WeightTensor: Sendable {
  /// Where the bytes come from.
  package enum Content: Sendable {
    /// The part of the weight with this number.
    case part(Int)
    /// The same bytes for every weight of the format.
    case constant([UInt8])
    /// The JSON document, which needs the nested offset: ``BitsandbytesEncoding/document(nestedOffset:byteCount:)``.
    case document
  }

  /// Name, type and shape.
  package var output: OutputTensor
  /// What is in it.
  package let content: Content

  package init(_ output: OutputTensor, _ content: Content) {
    self.output = output
    self.content = content
  }

  /// Whether it is a JSON document, new or written back as it was stored.
  var isDocument: Bool {
    if case .document = content { return true }
    if case .state? = CompanionName(output.name)?.kind { return true }
    return false
  }
}

extension QuantizationState {
  /// The size of the document with the longest spelling of a nested offset, so that it can be
  /// declared before the offset is known.
  fileprivate var maximumDocumentByteCount: Int {
    var longest = self
    // 23 characters: a sign, seventeen digits, a point, and a two-digit exponent or three zeros more.
    longest.nestedOffset = -Float.leastNormalMagnitude
    return longest.document.serialized(.spaced).utf8.count
  }
}

extension FourBitFormat.Code {
  /// `quant_map` as bitsandbytes writes it: 16 floats, both zeros positive.
  fileprivate var storedTable: [UInt8] {
    table.flatMap { value in
      withUnsafeBytes(of: (value == 0 ? 0 : value).bitPattern.littleEndian) { Array($0) }
    }
  }
}
