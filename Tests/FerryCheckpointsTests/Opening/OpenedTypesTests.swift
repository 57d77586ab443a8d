import FerryFormats
import Foundation
import Testing

@testable import FerryCheckpoints

/// Files of every element type that the reference implementations know, and of some that nobody knows.
@Suite struct OpenedTypesTests {
  private struct Header: Decodable {
    let header: Data
    let size: Int
    let names: [String]?
  }

  private struct Block: Decodable {
    let name, type: String
    let bytes: Int
    let shape: [Int]
    let blockSize: Int
    let first: Data
  }

  private func decoded<Value: Decodable>(_ name: String) throws -> [Value] {
    let url = URL(fileURLWithPath: fixture("Opening/\(name)"))
    return try JSONDecoder().decode([Value].self, from: Data(contentsOf: url))
  }

  @Test func headersGetTheAnswersOfSafetensors() throws {
    let headers: [Header] = try decoded("headers.json")
    #expect(headers.count > 100)
    let folder = try TemporaryFolder()
    for entry in headers {
      let data = (0..<entry.size).map { UInt8(truncatingIfNeeded: $0) }
      let text = String(decoding: entry.header, as: UTF8.self)
      let path = try folder.write(
        "x.safetensors", UInt64(entry.header.count).littleEndianBytes + Array(entry.header) + data)
      let opened = try? Checkpoint(path: path)
      #expect(opened?.tensors.map(\.name).sorted() == entry.names, "\(text)")
    }
  }

  @Test func everyListedTypeOfSafetensorsIsKeptAsItIs() throws {
    let path = fixture("Opening/types.safetensors")
    let checkpoint = try Checkpoint(path: path)
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(checkpoint.weights.count == 22)
    for (index, weight) in checkpoint.weights.enumerated() {
      let stored = checkpoint.tensors[try #require(weight.parts[0])]
      #expect(stored.encoding.typeName == weight.name && weight.shape == [3, 4])
      #expect(weight.format.parts(shape: weight.shape).map(\.byteCount) == [stored.byteCount])
      #expect(weight.parts == [index])
      let bytes = try checkpoint.bytes(of: stored)
      #expect(bytes == Array(data[stored.offset..<stored.offset + stored.byteCount]))
      if ElementType(safetensorsName: weight.name.uppercased()) == nil {
        #expect(weight.format == .opaque(byteCount: stored.byteCount), "\(weight.name)")
      }
    }
  }

  @Test(arguments: ["X", "U4", "f32", "BF16 ", "F128", "ö\u{1}"], [[4], [3, 5], [], [0]])
  func aTypeThatNobodyListsIsBytesBetweenItsOffsets(type: String, shape: [Int]) throws {
    let folder = try TemporaryFolder()
    var file = SafetensorsBytes()
    let name = JSONValue.string(type).serialized().dropFirst().dropLast()
    file.add("a", String(name), shape, [1, 2, 3])
    file.add("b", [1], [1])
    let checkpoint = try Checkpoint(path: try folder.write("x.safetensors", file.bytes))
    let weight = checkpoint.weights[0]
    #expect(weight.format == .opaque(byteCount: 3) && weight.shape == shape)
    #expect(checkpoint.tensors[0].encoding == .opaque(OpaqueType(type, isListed: false)))
    #expect(try checkpoint.bytes(of: checkpoint.tensors[0]) == [1, 2, 3])
    #expect(checkpoint.weights[1].format == .plain(.f32))
  }

  @Test func opaqueTensorsAreWrittenUnderTheirOwnType() throws {
    let source = try Checkpoint(path: fixture("Opening/types.safetensors"))
    let folder = try TemporaryFolder()
    let outputs = source.tensors.map { OutputTensor($0) }
    let writer = try SafetensorsWriter(
      path: folder("y.safetensors"), tensors: outputs, replacing: false)
    for (index, tensor) in source.tensors.enumerated() {
      try source.bytes(of: tensor).withUnsafeBytes { try writer.write($0, tensor: index) }
    }
    try writer.finish()
    let copy = try Checkpoint(path: folder("y.safetensors"))
    #expect(copy.tensors.map(\.encoding) == source.tensors.map(\.encoding))
    for (one, other) in zip(copy.tensors, source.tensors) {
      #expect(try copy.bytes(of: one) == source.bytes(of: other), "\(one.name)")
    }
    let alignments = outputs.map { "\($0.name) \($0.alignment)" }
    for expected in ["c64 8", "f4 1", "f6_e2m3 1", "f8_e8m0 1", "bf16 2", "f64 8"] {
      #expect(alignments.contains(expected), "\(expected)")
    }
  }

  @Test func everyTypeOfGGMLIsListedAsItsReaderListsIt() throws {
    let blocks: [Block] = try decoded("types.gguf.json")
    let checkpoint = try Checkpoint(path: fixture("Opening/types.gguf"))
    #expect(blocks.count >= 34 && checkpoint.tensors.count == blocks.count)
    for block in blocks {
      let index = try #require(checkpoint.tensor(named: block.name))
      let stored = checkpoint.tensors[index]
      #expect(stored.byteCount == block.bytes && stored.shape == block.shape, "\(block.name)")
      #expect(stored.encoding.typeName == block.type.lowercased(), "\(block.name)")
      #expect(Array(try checkpoint.bytes(of: stored).prefix(4)) == Array(block.first.prefix(4)))
      guard case .opaque(let type) = stored.encoding else { continue }
      #expect(type.blockSize == block.blockSize && type.isListed, "\(block.name)")
      #expect(checkpoint.weights[index].format == .opaque(byteCount: block.bytes))
    }
  }

  @Test func theSizeOfAnUnknownTypeOfGGMLFollowsFromTheNextTensor() throws {
    var file = GGUFBytes.small
    file.add("removed", [7], type: 31, offset: 32)
    file.add("new", [9], type: 200, offset: 96)
    file.data += [UInt8](repeating: 0, count: 16) + (0..<64).map { $0 } + [9, 8, 7]
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: try folder.write("model.gguf", file.bytes))
    #expect(checkpoint.tensors.map(\.byteCount) == [16, 64, 3])
    #expect(
      checkpoint.tensors.map(\.encoding.typeName) == ["f32", "ggml_type_31", "ggml_type_200"])
    #expect(try checkpoint.bytes(of: checkpoint.tensors[1]) == (0..<64).map { $0 })
    #expect(try checkpoint.bytes(of: checkpoint.tensors[2]) == [9, 8, 7])
  }
}
