import FerryFormats

/// The JSON document that bitsandbytes stores beside a 4-bit weight (`quant_state`).
struct QuantizationState {
  /// Table, block size and nesting.
  var format: FourBitFormat
  /// The type the weight was quantized from.
  var dtype: ElementType
  /// Logical extents.
  var shape: [Int]
  /// What is added to every decoded nested absmax.
  var nestedOffset: Float

  init(format: FourBitFormat, dtype: ElementType, shape: [Int], nestedOffset: Float) {
    self.format = format
    self.dtype = dtype
    self.shape = shape
    self.nestedOffset = nestedOffset
  }

  /// The longest document that is read; real ones take some 200 bytes.
  static let maximumByteCount = 1 << 16

  private static let plainKeys: Set<String> = ["quant_type", "blocksize", "dtype", "shape"]
  private static let nestedKeys: Set<String> = [
    "nested_blocksize", "nested_dtype", "nested_offset",
  ]

  /// Reads a document whose key in the checkpoint ends in `code`.
  init(_ document: JSONValue, code: FourBitFormat.Code, file: String, tensor: String)
    throws(CheckpointError)
  {
    func fault(_ what: String, _ code: CheckpointError.Code = .malformed) -> CheckpointError {
      CheckpointError(code, file: file, tensor: tensor, "\(what); get or quantize the model again")
    }
    let isNested = try Self.checkKeys(document, fault)
    guard document["quant_type"]?.string == code.rawValue else {
      throw fault("quant_type is not '\(code.rawValue)', as the tensor's name says")
    }
    guard let blockSize = document["blocksize"]?.integer,
      FourBitFormat.blockSizes.contains(blockSize)
    else { throw fault("blocksize is not one of \(FourBitFormat.blockSizes)") }
    guard let dtype = document["dtype"]?.string.flatMap({ ElementType(torchName: $0) }) else {
      throw fault("dtype is not float32, float16 or bfloat16", .unsupported)
    }
    guard let extents = document["shape"]?.array else { throw fault("shape is not an array") }
    shape = try extents.naturals { fault("shape is not of whole numbers ≥ 0") }
    guard let count = shape.checkedProduct(), count < Int.max - 8192 else {
      throw fault("shape \(shape) is too large")
    }
    self.dtype = dtype
    format = FourBitFormat(code, blockSize: blockSize, isNested: isNested)
    nestedOffset = isNested ? try Self.offset(document, fault) : 0
  }

  /// Throws unless the keys are exactly those of a plain or of a nested state; whether it is nested.
  private static func checkKeys(
    _ document: JSONValue, _ fault: (String, CheckpointError.Code) -> CheckpointError
  ) throws(CheckpointError) -> Bool {
    guard let members = document.object else { throw fault("is not a JSON object", .malformed) }
    let keys = Set(members.map(\.key))
    if let unknown = keys.subtracting(plainKeys).subtracting(nestedKeys).min() {
      throw fault("the field '\(unknown)' is unknown", .unsupported)
    }
    if let missing = plainKeys.subtracting(keys).min() {
      throw fault("the field '\(missing)' is missing", .malformed)
    }
    guard keys.isDisjoint(with: nestedKeys) || keys.isSuperset(of: nestedKeys) else {
      throw fault("only some of the nested_* fields are there", .malformed)
    }
    return keys.isSuperset(of: nestedKeys)
  }

  private static func offset(
    _ document: JSONValue, _ fault: (String, CheckpointError.Code) -> CheckpointError
  ) throws(CheckpointError) -> Float {
    guard document["nested_blocksize"]?.integer == FourBitFormat.nestedBlockSize else {
      throw fault("nested_blocksize is not \(FourBitFormat.nestedBlockSize)", .unsupported)
    }
    guard document["nested_dtype"]?.string == "float32" else {
      throw fault("nested_dtype is not float32", .unsupported)
    }
    guard let offset = document["nested_offset"]?.double.map({ Float($0) }), offset.isFinite else {
      throw fault("nested_offset is not a finite number", .malformed)
    }
    return offset
  }
}

extension QuantizationState {
  /// The document as bitsandbytes writes it: `json.dumps`' spacing, this order of keys.
  var document: JSONValue {
    var members: [JSONValue.Member] = [
      .init("quant_type", .string(format.code.rawValue)),
      .init("blocksize", .integer(format.blockSize)),
      .init("dtype", .string(dtype.torchName ?? dtype.rawValue)),
      .init("shape", .array(shape.map { .integer($0) })),
    ]
    if format.isNested {
      members += [
        .init("nested_blocksize", .integer(FourBitFormat.nestedBlockSize)),
        .init("nested_dtype", .string("float32")),
        .init("nested_offset", .real(Double(nestedOffset))),
      ]
    }
    return .object(members)
  }
}

extension JSONValue {
  /// A finite number in the shortest spelling that reads back as the same double, as Python's `repr`.
  package static func real(_ value: Double) -> JSONValue {
    precondition(value.isFinite, "JSON has no spelling for \(value)")
    return .number("\(value)")
  }
}
