import FerryFormats
import Testing

@testable import FerryCheckpoints

/// State dicts that bitsandbytes wrote, read and written back.
@Suite struct LayerFixtureTests {
  private func described() throws -> [JSONValue] {
    let path = fixture("layers.json")
    let document = try JSONValue(parsing: try FileReader.contents(path: path), file: path)
    return try #require(document.array)
  }

  @Test func readsWhatBitsandbytesWrites() throws {
    let checkpoint = try Checkpoint(path: fixture("layers.safetensors"))
    let described = try described()
    #expect(checkpoint.weights.filter(\.format.isQuantized).count == described.count)
    for entry in described {
      let name = try #require(entry["name"]?.string)
      let weight = checkpoint.weights[try #require(checkpoint.weight(named: name))]
      #expect(weight.shape == entry["shape"]?.array?.compactMap(\.int), "\(name)")
      guard let code = FourBitFormat.Code(rawValue: entry["format"]?.string ?? "") else {
        #expect(weight.format == .int8Rows)
        continue
      }
      let format = FourBitFormat(
        code, blockSize: try #require(entry["blockSize"]?.int),
        isNested: entry["nested"]?.bool == true)
      #expect(weight.format == .fourBit(format), "\(name)")
      #expect(weight.dtype.torchName == entry["dtype"]?.string, "\(name)")
      #expect(weight.nestedOffset == (entry["offset"]?.double).map { Float($0) }, "\(name)")
    }
  }

  /// Names, types, shapes, constants and documents that Ferry would write are those that are there.
  @Test func encodesAsBitsandbytesDoes() throws {
    let checkpoint = try Checkpoint(path: fixture("layers.safetensors"))
    for weight in checkpoint.weights {
      let encoding = try #require(
        BitsandbytesEncoding(
          name: weight.name, format: weight.format, dtype: weight.dtype, shape: weight.shape))
      #expect(encoding.tensors.count == weight.parts.count + weight.companions.count)
      for tensor in encoding.tensors {
        let index = try #require(
          checkpoint.tensor(named: tensor.output.name), "\(tensor.output.name)")
        let stored = checkpoint.tensors[index]
        let bytes = try checkpoint.bytes(of: stored)
        switch tensor.content {
        case .part: #expect(tensor.output.byteCount == stored.byteCount)
        case .constant(let expected): #expect(bytes == expected)
        case .document:
          let document = encoding.document(
            nestedOffset: weight.nestedOffset, byteCount: tensor.output.byteCount)
          #expect(document?.starts(with: bytes) == true, "\(tensor.output.name)")
          #expect(document?.dropFirst(bytes.count).allSatisfy { $0 == 0x20 } == true)
        }
      }
    }
  }

  @Test(arguments: ["layers.safetensors", "plain.safetensors", "folder-4bit", "folder-8bit"])
  func savesUntouchedTensorsUnchanged(name: String) throws {
    let source = try Checkpoint(path: fixture(name))
    let folder = try TemporaryFolder()
    let outputs = source.tensors.map {
      OutputTensor($0.name, $0.encoding.elementType, shape: $0.shape)
    }
    let writer = try SafetensorsWriter(
      path: folder("copy.safetensors"), tensors: outputs,
      metadata: source.fileMetadata[0].map { ($0.key, $0.value.string ?? "") }, replacing: false)
    for (index, tensor) in source.tensors.enumerated() {
      let bytes = try source.bytes(of: tensor)
      try bytes.withUnsafeBytes { try writer.write($0, tensor: index) }
    }
    try writer.finish()
    let copy = try Checkpoint(path: folder("copy.safetensors"))
    #expect(copy.tensors.map(\.name) == source.tensors.map(\.name))
    #expect(copy.weights.map(\.format) == source.weights.map(\.format))
    #expect(copy.tensors.first.map { $0.offset % 4096 } == 0)
    for (one, other) in zip(source.tensors, copy.tensors) {
      #expect(one.encoding == other.encoding && one.shape == other.shape)
      #expect(try source.bytes(of: one) == copy.bytes(of: other), "\(one.name)")
    }
  }
}
