import FerryFormats
import Testing

@testable import FerryCheckpoints

@Suite struct BitsandbytesEncodingTests {
  private func names(_ format: WeightFormat, _ name: String, _ shape: [Int]) -> [String]? {
    BitsandbytesEncoding(name: name, format: format, dtype: .bf16, shape: shape)?.tensors.map {
      "\($0.output.name) \($0.output.elementType) \($0.output.shape)"
    }
  }

  @Test func namesFourBitTensors() throws {
    let plain = try #require(names(.fourBit(FourBitFormat(.nf4)), "a.weight", [3, 43]))
    let document =
      #"{"quant_type": "nf4", "blocksize": 64, "dtype": "bfloat16", "shape": [3, 43]}"#
    #expect(
      plain == [
        "a.weight u8 [65, 1]", "a.weight.absmax f32 [3]", "a.weight.quant_map f32 [16]",
        "a.weight.quant_state.bitsandbytes__nf4 u8 [\(document.utf8.count)]",
      ])
    let nested = try #require(
      names(.fourBit(FourBitFormat(.fp4, blockSize: 128, isNested: true)), "x", [70_000]))
    #expect(
      nested.dropLast() == [
        "x u8 [35000, 1]", "x.absmax u8 [547]", "x.nested_absmax f32 [3]",
        "x.nested_quant_map f32 [256]", "x.quant_map f32 [16]",
      ])
    #expect(nested.last?.hasPrefix("x.quant_state.bitsandbytes__fp4 u8") == true)
  }

  @Test func namesRowTensors() {
    #expect(
      names(.int8Rows, "a.b.weight", [4, 6]) == [
        "a.b.weight i8 [4, 6]", "a.b.SCB f32 [4]", "a.b.weight_format u8 []",
      ])
    #expect(names(.int8Rows, "weight", [1, 1])?[1] == "SCB f32 [1]")
    #expect(names(.int8Rows, "a.b.kernel", [4, 6]) == nil)
    #expect(names(.int8Rows, "a.b.weight", [4]) == nil)
    #expect(names(.dynamic8(blockSize: 256), "a.weight", [4, 6]) == nil)
    #expect(names(.plain(.f16), "a.bias", [4]) == ["a.bias f16 [4]"])
  }

  @Test(
    arguments: [
      0, -0.0, 0.1, 0.0432, 1, -3.5e-30, Float.leastNormalMagnitude, -Float.leastNormalMagnitude,
      Float.leastNonzeroMagnitude, -Float.leastNonzeroMagnitude, Float.greatestFiniteMagnitude,
      -Float.greatestFiniteMagnitude, 16_777_216, -1.2345678e-4, -1.2345678e-5, 65504.3,
    ])
  func writesOffsetsThatReadBack(offset: Float) throws {
    let format = FourBitFormat(.nf4, blockSize: 64, isNested: true)
    let encoding = try #require(
      BitsandbytesEncoding(name: "w", format: .fourBit(format), dtype: .f16, shape: [4, 64]))
    let room = try #require(encoding.tensors.last?.output.byteCount)
    let bytes = try #require(encoding.document(nestedOffset: offset, byteCount: room))
    #expect(bytes.count == room)
    let state = try QuantizationState(
      try JSONValue(parsing: bytes, file: "f"), code: .nf4, file: "f", tensor: "w")
    #expect(state.nestedOffset.bitPattern == offset.bitPattern)
    #expect(state.format == format && state.dtype == .f16 && state.shape == [4, 64])
  }

  @Test func spellsTheDocumentAsPythonDoes() throws {
    let format = FourBitFormat(.nf4, blockSize: 64, isNested: true)
    let encoding = try #require(
      BitsandbytesEncoding(name: "w", format: .fourBit(format), dtype: .f32, shape: [4, 64]))
    let bytes = try #require(encoding.document(nestedOffset: 0.1, byteCount: 300))
    let text = String(decoding: bytes, as: UTF8.self)
    let expected =
      #"{"quant_type": "nf4", "blocksize": 64, "dtype": "float32", "shape": [4, 64], "#
      + #""nested_blocksize": 256, "nested_dtype": "float32", "#
      + #""nested_offset": 0.10000000149011612}"#
    #expect(text.hasPrefix(expected))
    #expect(text.dropFirst(expected.count).allSatisfy { $0 == " " })
  }

  @Test func arrangesGroups() throws {
    let format = WeightFormat.fourBit(FourBitFormat(.nf4))
    let groups = try ["a", "b"].map { stem in
      let weight = try #require(
        BitsandbytesEncoding(name: "\(stem).w", format: format, dtype: .bf16, shape: [3, 43]))
      let bias = try #require(
        BitsandbytesEncoding(name: "\(stem).b", format: .plain(.bf16), dtype: .bf16, shape: [3]))
      return (weight.tensors + bias.tensors).map { (tensor: $0, owner: stem) }
    }
    let arranged = StorageOrder.arranged(groups)
    #expect(
      arranged.map(\.owner) == Array(repeating: "a", count: 5) + Array(repeating: "b", count: 5))
    #expect(
      arranged[..<5].map(\.tensor.output.name) == [
        "a.w.absmax", "a.w.quant_map", "a.b", "a.w", "a.w.quant_state.bitsandbytes__nf4",
      ])
    let first = arranged[..<5].reduce(0) { $0 + $1.tensor.output.byteCount }
    #expect(first % StorageOrder.alignment == 0)
    #expect(StorageOrder.arranged([[(tensor: WeightTensor, owner: Int)]]()).isEmpty)
  }
}
