import FerryFormats

extension QuantizationConfiguration {
  /// Reads `quantization_config` of a Hugging Face configuration.
  ///
  /// Nil if there is none, one that quantizes nothing, or one of another method, which ``ForeignQuantization`` reads.
  /// Defaults are those of transformers' `BitsAndBytesConfig`.
  package init?(configuration: JSONValue, file: String) throws(CheckpointError) {
    guard let section = configuration["quantization_config"], !section.isNull else { return nil }
    let fields = try Fields(section, file: file)
    guard try fields.text("quant_method") ?? Self.method == Self.method else { return nil }
    let isFourBit = try fields.flag("load_in_4bit")
    let isEightBit = try fields.flag("load_in_8bit")
    guard isFourBit || isEightBit else { return nil }
    guard !(isFourBit && isEightBit) else {
      throw fields.fault("load_in_4bit and load_in_8bit exclude each other; correct the file")
    }
    try self.init(fields, width: isFourBit ? .fourBit : .eightBit)
  }

  /// The value of `quant_method` for models that bitsandbytes quantized.
  static let method = "bitsandbytes"

  private init(_ fields: Fields, width: Width) throws(CheckpointError) {
    let codeName = try fields.text("bnb_4bit_quant_type") ?? "fp4"
    guard let code = FourBitFormat.Code(rawValue: codeName) else {
      throw fields.fault("bnb_4bit_quant_type '\(codeName)' is not nf4 or fp4", code: .unsupported)
    }
    let storage = try fields.text("bnb_4bit_quant_storage") ?? "uint8"
    guard Self.storages.contains(storage) else {
      throw fields.fault("bnb_4bit_quant_storage '\(storage)' is not known", code: .unsupported)
    }
    self.init(
      width: width, code: code, isNested: try fields.truth("bnb_4bit_use_double_quant") ?? false,
      storage: storage, computeType: try fields.text("bnb_4bit_compute_dtype") ?? "float32",
      threshold: try fields.number("llm_int8_threshold") ?? 6,
      skippedModules: try fields.texts("llm_int8_skip_modules"))
  }

  private static let storages = ["uint8", "int8", "float16", "bfloat16", "float32", "float64"]

  /// The section as transformers writes it, both spellings of the width included.
  package var document: JSONValue {
    let (four, eight) = (JSONValue.bool(width == .fourBit), JSONValue.bool(width == .eightBit))
    return .object([
      .init("_load_in_4bit", four),
      .init("_load_in_8bit", eight),
      .init("bnb_4bit_compute_dtype", .string(computeType)),
      .init("bnb_4bit_quant_storage", .string(storage)),
      .init("bnb_4bit_quant_type", .string(code.rawValue)),
      .init("bnb_4bit_use_double_quant", .bool(isNested)),
      .init("llm_int8_enable_fp32_cpu_offload", .bool(false)),
      .init("llm_int8_has_fp16_weight", .bool(false)),
      .init(
        "llm_int8_skip_modules", skippedModules.map { .array($0.map { .string($0) }) } ?? .null),
      .init("llm_int8_threshold", .real(Double(threshold))),
      .init("load_in_4bit", four),
      .init("load_in_8bit", eight),
      .init("quant_method", .string(Self.method)),
    ])
  }
}

extension JSONValue {
  /// This object with the member `key` replaced in its place, added at the end, or taken out (nil).
  package func setting(_ key: String, to value: JSONValue?) -> JSONValue {
    var members = object ?? []
    let index = members.firstIndex { $0.key.hasSameBytes(as: key) }
    switch (index, value) {
    case (let index?, let value?): members[index].value = value
    case (let index?, nil): members.remove(at: index)
    case (nil, let value?): members.append(Member(key, value))
    case (nil, nil): break
    }
    return .object(members)
  }
}

/// The fields of the section, by type; null counts as absent.
private struct Fields {
  let section: JSONValue
  let file: String

  init(_ section: JSONValue, file: String) throws(CheckpointError) {
    self.section = section
    self.file = file
    guard section.object != nil else { throw fault("is not an object; correct the file") }
  }

  func fault(_ what: String, code: CheckpointError.Code = .malformed) -> CheckpointError {
    CheckpointError(code, file: file, "quantization_config: \(what)")
  }

  private func value<Value>(
    _ key: String, _ what: String, _ read: (JSONValue) -> Value?
  ) throws(CheckpointError) -> Value? {
    guard let field = section[key], !field.isNull else { return nil }
    guard let value = read(field) else {
      throw fault("\(key) is not \(what); correct the file")
    }
    return value
  }

  func text(_ key: String) throws(CheckpointError) -> String? {
    try value(key, "a text") { $0.string }
  }

  func truth(_ key: String) throws(CheckpointError) -> Bool? {
    try value(key, "true or false") { $0.bool }
  }

  func number(_ key: String) throws(CheckpointError) -> Float? {
    try value(key, "a finite number ≥ 0") { field in
      field.double.map { Float($0) }.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }
  }

  func texts(_ key: String) throws(CheckpointError) -> [String]? {
    try value(key, "a list of texts") { field in
      guard let items = field.array else { return nil }
      let texts = items.compactMap(\.string)
      return texts.count == items.count ? texts : nil
    }
  }

  /// A flag that is written with and without a leading underscore.
  func flag(_ key: String) throws(CheckpointError) -> Bool {
    let (plain, underscored) = (try truth(key), try truth("_" + key))
    guard plain == nil || underscored == nil || plain == underscored else {
      throw fault("\(key) and _\(key) contradict each other; correct the file")
    }
    return plain ?? underscored ?? false
  }
}
