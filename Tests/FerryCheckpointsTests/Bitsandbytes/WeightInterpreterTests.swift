import FerryFormats
import Testing

@testable import FerryCheckpoints

/// Opens a bare file with these tensors.
func open(_ build: (inout SafetensorsBytes) -> Void) throws -> Checkpoint {
  let folder = try TemporaryFolder()
  var file = SafetensorsBytes()
  build(&file)
  return try Checkpoint(path: try folder.write("model.safetensors", file.bytes))
}

/// What opening such a file throws.
func failure(_ build: (inout SafetensorsBytes) -> Void) -> CheckpointError? {
  do {
    _ = try open(build)
    return nil
  } catch { return error as? CheckpointError }
}

@Suite struct WeightInterpreterTests {
  @Test(arguments: [FourBitFormat.Code.nf4, .fp4], [false, true])
  func foldsFourBitWeights(code: FourBitFormat.Code, nested: Bool) throws {
    let checkpoint = try open {
      $0.add("a.bias", [2], [1, 2])
      $0.addFourBit("a.weight", code: code.rawValue, nested: nested)
      $0.addFourBit("experts", code: code.rawValue, nested: nested)
    }
    #expect(checkpoint.weights.map(\.name) == ["a.bias", "a.weight", "experts"])
    let weight = checkpoint.weights[1]
    #expect(weight.format == .fourBit(FourBitFormat(code, blockSize: 64, isNested: nested)))
    #expect(weight.dtype == .bf16)
    #expect(weight.shape == [3, 43])
    #expect(weight.nestedOffset == (nested ? 0.125 : 0))
    let names = weight.parts.map { $0.map { checkpoint.tensors[$0].name } }
    let nestedNames = ["a.weight.nested_absmax", "a.weight.nested_quant_map"]
    #expect(names == ["a.weight", "a.weight.absmax"] + (nested ? nestedNames : []))
    for (part, specification) in zip(weight.parts, weight.format.parts(shape: weight.shape)) {
      #expect(checkpoint.tensors[try #require(part)].byteCount == specification.byteCount)
    }
    #expect(
      weight.companions.map { checkpoint.tensors[$0].name } == [
        "a.weight.quant_map", "a.weight.quant_state.bitsandbytes__\(code)",
      ])
  }

  @Test(arguments: ["U8", "F16", "BF16", "F32"]) func viewsStorageTypes(storage: String) throws {
    let checkpoint = try open { $0.addFourBit("w", rows: 4, columns: 40, storage: storage) }
    #expect(checkpoint.weights.map(\.shape) == [[4, 40]])
  }

  @Test func acceptsTheTransposedView() throws {
    let checkpoint = try open {
      $0.addFourBit("w")
      $0.tensors[0].shape = [1, 65]
    }
    #expect(checkpoint.weights[0].shape == [3, 43])
  }

  @Test func acceptsAPaddedDocument() throws {
    let checkpoint = try open {
      $0.addFourBit("w")
      let last = $0.tensors.count - 1
      $0.tensors[last].bytes += [UInt8](repeating: 0x20, count: 9)
      $0.tensors[last].shape = [$0.tensors[last].bytes.count]
    }
    #expect(checkpoint.weights.count == 1)
  }

  @Test(arguments: [false, true]) func namesTheMissingCompanion(nested: Bool) {
    let plain: Set = ["absmax", "quant_map"]
    let all = nested ? plain.union(["nested_absmax", "nested_quant_map"]) : plain
    for missing in all {
      let error = failure { $0.addFourBit("w", nested: nested, except: [missing]) }
      #expect(error?.code == .incomplete)
      #expect(error?.tensor == "w")
      #expect(error?.message.contains("'w.\(missing)'") == true)
    }
    let error = failure {
      $0.addFourBit("w", nested: nested, except: ["quant_state.bitsandbytes__nf4"])
    }
    #expect(error?.code == .incomplete)
  }

  @Test func refusesCompanionsOfNothing() {
    for name in [
      "w.quant_map", "w.nested_absmax", "w.nested_quant_map", "w.quant_state.bitsandbytes__nf4",
      "w.SCB", "SCB",
    ] {
      let error = failure { $0.add(name, [1], [1]) }
      #expect(error?.code == .incomplete, "\(name)")
      #expect(error?.tensor == name)
    }
    // Words that others use too: companions where their weight is, or something else of bitsandbytes.
    for (name, weight) in [("w.absmax", "w"), ("w.weight_format", "w.weight")] {
      #expect(failure { $0.add(name, [1], [1]) } == nil, "\(name)")
      let beside = failure {
        $0.add(weight, "U8", [1], [1])
        $0.add(name, [1], [1])
      }
      #expect(beside?.code == .incomplete && beside?.tensor == name, "\(name)")
      let among = failure {
        $0.addRows("a")
        $0.add(name, [1], [1])
      }
      #expect(among?.code == .incomplete && among?.tensor == name, "\(name)")
    }
  }

  @Test func refusesOneCompanionTooMany() {
    let nested = failure {
      $0.addFourBit("w")
      $0.add("w.nested_absmax", [1], [1])
    }
    #expect(nested?.code == .incomplete)
    #expect(nested?.tensor == "w.nested_absmax")
    let two = failure {
      $0.addFourBit("w")
      $0.add("w.quant_state.bitsandbytes__fp4", "U8", [2], [0x7b, 0x7d])
    }
    #expect(two?.code == .incomplete)
    let unknown = failure {
      $0.addFourBit("w")
      $0.add("w.foo", [1], [1])
    }
    #expect(unknown?.code == .incomplete && unknown?.tensor == "w.foo")
    let rows = failure {
      $0.addRows("a")
      $0.add("a.weight.foo", [1], [1])
    }
    #expect(rows?.code == .incomplete && rows?.tensor == "a.weight.foo")
  }

  @Test func knowsThatPackedWeightsNeedADocument() throws {
    let folder = try TemporaryFolder()
    var file = SafetensorsBytes()
    file.add("w.weight", "U8", [3, 1], [1, 2, 3])
    try folder.write("model.safetensors", file.bytes)
    try folder.write("config.json", #"{"quantization_config": {"load_in_4bit": true}}"#)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(path: folder.path) }
    #expect(error?.code == .incomplete)
  }

  @Test(arguments: [
    ("", CheckpointError.Code.malformed), ("[]", .malformed), ("{}", .malformed),
    (#"{"quant_type":"fp4","blocksize":64,"dtype":"float16","shape":[3,43]}"#, .malformed),
    (#"{"quant_type":"nf4","blocksize":48,"dtype":"float16","shape":[3,43]}"#, .malformed),
    (#"{"quant_type":"nf4","blocksize":64.0,"dtype":"float16","shape":[3,43]}"#, .malformed),
    (#"{"quant_type":"nf4","blocksize":64,"dtype":"float64","shape":[3,43]}"#, .unsupported),
    (#"{"quant_type":"nf4","blocksize":64,"dtype":"float16","shape":null}"#, .malformed),
    (#"{"quant_type":"nf4","blocksize":64,"dtype":"float16","shape":[-3,-43]}"#, .malformed),
    (
      #"{"quant_type":"nf4","blocksize":64,"dtype":"float16","shape":[9000000000,9000000000]}"#,
      .malformed
    ),
    (#"{"quant_type":"nf4","blocksize":64,"dtype":"float16","shape":[3,43],"x":1}"#, .unsupported),
    (
      #"{"quant_type":"nf4","blocksize":64,"dtype":"float16","shape":[3,43],"nested_offset":1}"#,
      .malformed
    ),
    (#"{"quant_type":"nf4","blocksize":64,"dtype":"float16","shape":[[[3,43]]]}"#, .malformed),
    ("{\"quant_type\":\"nf4\",\"blocksize\":64", .malformed),
  ])
  func refusesDocuments(document: String, code: CheckpointError.Code) {
    let error = failure { $0.addFourBit("w", document: document) }
    #expect(error?.code == code)
    #expect(error?.tensor == "w.quant_state.bitsandbytes__nf4")
  }

  @Test(arguments: [
    (#""nested_blocksize": 128, "nested_dtype": "float32", "nested_offset": 0"#),
    (#""nested_blocksize": 256, "nested_dtype": "float16", "nested_offset": 0"#),
    (#""nested_blocksize": 256, "nested_dtype": "float32", "nested_offset": "0""#),
    (#""nested_blocksize": 256, "nested_dtype": "float32", "nested_offset": 1e300"#),
  ])
  func refusesNestedFields(fields: String) {
    let error = failure {
      $0.addFourBit(
        "w", nested: true,
        document:
          #"{"quant_type":"nf4","blocksize":64,"dtype":"float16","shape":[3,43],\#(fields)}"#)
    }
    #expect(error?.tensor == "w.quant_state.bitsandbytes__nf4")
  }

  @Test func refusesWrongParts() {
    func changed(_ index: Int, dtype: String, shape: [Int], count: Int) -> CheckpointError? {
      failure {
        $0.addFourBit("w")
        $0.tensors[index] = (
          $0.tensors[index].name, dtype, shape, [UInt8](repeating: 0, count: count)
        )
      }
    }
    #expect(changed(0, dtype: "U8", shape: [64, 1], count: 64)?.code == .malformed)
    #expect(changed(0, dtype: "U8", shape: [65], count: 65)?.code == .malformed)
    #expect(changed(0, dtype: "U8", shape: [5, 13], count: 65)?.code == .malformed)
    #expect(changed(0, dtype: "BOOL", shape: [65, 1], count: 65)?.code == .unsupported)
    #expect(changed(1, dtype: "F32", shape: [4], count: 16)?.tensor == "w.absmax")
    #expect(changed(1, dtype: "U8", shape: [3], count: 3)?.tensor == "w.absmax")
    #expect(changed(2, dtype: "F32", shape: [16], count: 64)?.tensor == "w.quant_map")
    #expect(changed(2, dtype: "F32", shape: [4, 4], count: 64)?.code == .malformed)
    #expect(failure { $0.addFourBit("w", table: SafetensorsBytes.fp4) }?.code == .unsupported)
  }

  @Test func foldsRowWeights() throws {
    for (format, shape) in [([0], []), (nil, []), ([0], [1]), (Array("row".utf8), [3])]
      as [([UInt8]?, [Int])]
    {
      let checkpoint = try open { $0.addRows("a.b", format: format, formatShape: shape) }
      let weight = try #require(checkpoint.weights.first)
      #expect(checkpoint.weights.count == 1)
      #expect(weight.name == "a.b.weight" && weight.format == .int8Rows && weight.shape == [2, 3])
      #expect(weight.parts == [0, 1])
      #expect(weight.companions == (format == nil ? [] : [2]))
    }
  }

  @Test func foldsARowWeightOfTheRoot() throws {
    let checkpoint = try open {
      $0.add("weight", "I8", [1, 1], [1])
      $0.add("SCB", [1], [1])
    }
    #expect(checkpoint.weights.map(\.format) == [.int8Rows])
  }

  @Test func refusesOtherRowLayouts() {
    #expect(failure { $0.addRows("a", format: [1]) }?.code == .unsupported)
    #expect(failure { $0.addRows("a", format: [3]) }?.code == .unsupported)
    #expect(failure { $0.addRows("a", format: [4]) }?.code == .malformed)
    let text = Array("col32".utf8)
    #expect(failure { $0.addRows("a", format: text, formatShape: [5]) }?.code == .unsupported)
  }

  @Test func refusesRowWeightsWithoutStatistics() {
    let lone = failure {
      $0.addRows("b")
      $0.add("a.weight", "I8", [1, 2], [1, 2])
    }
    #expect(lone?.code == .incomplete && lone?.message.contains("'a.SCB'") == true)
    let half = failure {
      $0.add("a.weight", "I8", [1, 2], [1, 2])
      $0.add("a.weight_format", "U8", [], [0])
    }
    #expect(half?.code == .incomplete && half?.message.contains("'a.SCB'") == true)
    let wide = failure {
      $0.addRows("a")
      $0.tensors[1] = ("a.SCB", "F32", [2, 1], $0.tensors[1].bytes)
    }
    #expect(wide?.code == .malformed && wide?.tensor == "a.SCB")
    let deep = failure {
      $0.addRows("a")
      $0.tensors[0].shape = [1, 2, 3]
    }
    #expect(deep?.code == .malformed)
    let plain = failure {
      $0.add("a.weight", [2], [1, 2])
      $0.add("a.SCB", [2], [1, 2])
    }
    #expect(plain?.code == .incomplete && plain?.tensor == "a.SCB")
  }

  @Test func i8WithoutStatisticsIsPlainWhereNothingSaysBitsandbytes() throws {
    let alone = try open {
      $0.add("a.weight", "I8", [1, 2], [1, 2])
      $0.add("a.mask", "I8", [2], [1, 0])
      $0.add("a.weight.scale", [1], [1])
    }
    #expect(alone.weights.map(\.format) == [.plain(.i8), .plain(.i8), .plain(.f32)])
    let among = try open {
      $0.addRows("b")
      $0.add("mask", "I8", [2, 2], [1, 0, 0, 1])
      $0.add("mask.foo", [1], [1])
      $0.add("conv.weight", "I8", [1, 1, 2], [1, 2])
    }
    #expect(
      among.weights.map(\.format) == [.int8Rows, .plain(.i8), .plain(.f32), .plain(.i8)])
  }

  @Test(arguments: ["load_in_8bit", "load_in_4bit"])
  func i8MatricesNeedStatisticsWhereTheConfigurationSaysBitsandbytes(width: String) throws {
    func open(_ config: String) throws -> Checkpoint {
      let folder = try TemporaryFolder()
      var file = SafetensorsBytes()
      file.add("a.weight", "I8", [2, 2], [1, 2, 3, 4])
      file.add("a.absmax", [1], [1])
      try folder.write("model.safetensors", file.bytes)
      try folder.write("config.json", config)
      return try Checkpoint(path: folder.path)
    }
    let error = #expect(throws: CheckpointError.self) {
      try open(#"{"quantization_config": {"\#(width)": true}}"#)
    }
    #expect(error?.code == .incomplete && error?.tensor == "a.weight")
    let other = try open(#"{"quantization_config": {"quant_method": "quanto"}}"#)
    #expect(other.weights.map(\.format) == [.plain(.i8), .plain(.f32)])
  }

  @Test func anotherLibrarysTensorsAreLeftAsTheyAre() throws {
    let folder = try TemporaryFolder()
    var file = SafetensorsBytes()
    for name in ["w.quant_map", "w.absmax", "SCB", "w.quant_state.bitsandbytes__nf4"] {
      file.add(name, [1], [1])
    }
    try folder.write("model.safetensors", file.bytes)
    let method = #"{"quantization_config": {"quant_method": "hqq", "bits": 4}}"#
    try folder.write("config.json", method)
    let checkpoint = try Checkpoint(path: folder.path)
    #expect(checkpoint.weights.count == 4 && checkpoint.quantization == nil)
    #expect(checkpoint.foreignQuantization?.method == "hqq")
    #expect(checkpoint.foreignQuantization?.bitCount == 4)
  }

  @Test func keepsNamesApartByBytes() throws {
    let checkpoint = try open {
      $0.add("\u{e9}", [1], [1])
      $0.add("e\u{301}", [1], [2])
    }
    #expect(checkpoint.weight(named: "\u{e9}") == 0)
    #expect(checkpoint.weight(named: "e\u{301}") == 1)
    #expect(checkpoint.tensor(named: "e") == nil)
  }

  @Test func staysLinearInTheNumberOfTensors() throws {
    let checkpoint = try open { file in
      for index in 0..<5_000 { file.addRows("layer.\(index)") }
    }
    #expect(checkpoint.weights.count == 5_000)
    #expect(checkpoint.tensors.count == 15_000)
  }
}
