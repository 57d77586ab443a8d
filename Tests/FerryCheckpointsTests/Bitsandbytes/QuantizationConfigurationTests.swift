import FerryFormats
import Testing

@testable import FerryCheckpoints

@Suite struct QuantizationConfigurationTests {
  private func read(_ section: String) throws(CheckpointError) -> QuantizationConfiguration? {
    let root = try parse(#"{"model_type":"llama","quantization_config":\#(section)}"#)
    return try QuantizationConfiguration(configuration: root, file: "config.json")
  }

  @Test(arguments: [
    #"{"load_in_4bit":true}"#, #"{"_load_in_4bit":true}"#,
    #"{"load_in_4bit":true,"_load_in_4bit":true,"load_in_8bit":false}"#,
    #"{"quant_method":"bitsandbytes","load_in_4bit":true,"llm_int8_skip_modules":null}"#,
  ])
  func readsBothSpellings(section: String) throws {
    let configuration = try #require(try read(section))
    #expect(configuration.width == .fourBit && configuration.code == .fp4)
    #expect(!configuration.isNested && configuration.storage == "uint8")
    #expect(configuration.computeType == "float32" && configuration.threshold == 6)
    #expect(configuration.skippedModules == nil)
  }

  @Test func readsEveryField() throws {
    let four = try #require(
      try read(
        #"{"_load_in_4bit":true,"bnb_4bit_quant_type":"nf4","bnb_4bit_use_double_quant":true,"#
          + #""bnb_4bit_compute_dtype":"float16","bnb_4bit_quant_storage":"bfloat16"}"#))
    #expect(four.code == .nf4 && four.isNested)
    #expect(four.computeType == "float16" && four.storage == "bfloat16")
    let eight = try #require(
      try read(#"{"load_in_8bit":true,"llm_int8_threshold":0,"llm_int8_skip_modules":["a","b"]}"#))
    #expect(eight.width == .eightBit && eight.threshold == 0)
    #expect(eight.skippedModules == ["a", "b"])
  }

  @Test(arguments: [
    "null", #"{}"#, #"{"load_in_4bit":false,"load_in_8bit":false}"#,
  ])
  func knowsConfigurationsThatQuantizeNothing(section: String) throws {
    #expect(try read(section) == nil)
    #expect(try QuantizationConfiguration(configuration: .object([]), file: "f") == nil)
  }

  @Test(arguments: [
    ("[]", CheckpointError.Code.malformed), (#"{"load_in_4bit":1}"#, .malformed),
    (#"{"load_in_4bit":true,"_load_in_4bit":false}"#, .malformed),
    (#"{"load_in_4bit":true,"load_in_8bit":true}"#, .malformed),
    (#"{"quant_method":4}"#, .malformed),
    (#"{"load_in_4bit":true,"bnb_4bit_quant_type":"af4"}"#, .unsupported),
    (#"{"load_in_4bit":true,"bnb_4bit_quant_storage":"int3"}"#, .unsupported),
    (#"{"load_in_8bit":true,"llm_int8_threshold":-1}"#, .malformed),
    (#"{"load_in_8bit":true,"llm_int8_threshold":1e999}"#, .malformed),
    (#"{"load_in_8bit":true,"llm_int8_skip_modules":[1]}"#, .malformed),
    (#"{"load_in_8bit":true,"llm_int8_skip_modules":"a"}"#, .malformed),
  ])
  func refuses(section: String, code: CheckpointError.Code) {
    let error = #expect(throws: CheckpointError.self) { try read(section) }
    #expect(error?.code == code)
    #expect(error?.message.contains("quantization_config") == true)
  }

  @Test(arguments: ["gptq", "awq", "compressed-tensors", "fp8", "hqq", "quanto", "mxfp4", "new"])
  func leavesOtherMethodsToForeignQuantization(method: String) throws {
    let section = #"{"quant_method":"\#(method)","bits":"odd","load_in_4bit":true}"#
    #expect(try read(section) == nil)
    let root = try parse(#"{"quantization_config":\#(section)}"#)
    let foreign = try #require(ForeignQuantization(configuration: root))
    #expect(foreign.method == method && foreign.bitCount == nil)
  }

  @Test func knowsWhatIsNoForeignQuantization() throws {
    for section in [
      "null", "{}", #"{"quant_method":"bitsandbytes"}"#, #"{"quant_method":4}"#, "[]",
    ] {
      let root = try parse(#"{"quantization_config":\#(section)}"#)
      #expect(ForeignQuantization(configuration: root) == nil, "\(section)")
    }
  }

  @Test func editsConfigurationsInPlace() throws {
    let root = try parse(#"{"a":1,"quantization_config":{},"b":1.50}"#)
    let set = root.setting("quantization_config", to: .bool(true))
    #expect(set.serialized() == #"{"a":1,"quantization_config":true,"b":1.50}"#)
    #expect(root.setting("a", to: nil).serialized() == #"{"quantization_config":{},"b":1.50}"#)
    #expect(set.setting("c", to: .null)["c"]?.isNull == true)
  }
}
