import FerryFormats
import Testing

@testable import FerryCheckpoints

/// What opening these bytes as a `.safetensors` file throws.
func failure(_ bytes: [UInt8]) throws -> CheckpointError? {
  let folder = try TemporaryFolder()
  let path = try folder.write("model.safetensors", bytes)
  do {
    _ = try Checkpoint(path: path)
    return nil
  } catch {
    #expect(error.file == path)
    return error
  }
}

@Suite struct SafetensorsHeaderTests {
  @Test func readsWhatSafetensorsWrites() throws {
    let checkpoint = try Checkpoint(path: fixture("plain.safetensors"))
    #expect(checkpoint.container == .safetensors)
    for type in ElementType.allCases where type != .i8 {
      let index = try #require(checkpoint.tensor(named: type.rawValue), "\(type)")
      #expect(checkpoint.tensors[index].encoding == .elements(type))
      #expect(checkpoint.tensors[index].shape == [2, 3])
    }
    let bits = try #require(checkpoint.tensor(named: "bf16"))
    let one: [UInt8] = [0x80, 0x3f]
    let zero: [UInt8] = [0, 0]
    #expect(
      try checkpoint.bytes(of: checkpoint.tensors[bits]) == zero + one + one + one + zero + one)
    let scalar = try #require(checkpoint.tensor(named: "scalar"))
    #expect(checkpoint.tensors[scalar].shape == [])
    let empty = try #require(checkpoint.tensor(named: "empty"))
    #expect(checkpoint.tensors[empty].shape == [0, 4] && checkpoint.tensors[empty].byteCount == 0)
    #expect(try checkpoint.bytes(of: checkpoint.tensors[empty]).isEmpty)
    let metadata = Dictionary(
      uniqueKeysWithValues: checkpoint.fileMetadata[0].map { ($0.key, $0.value.string) })
    #expect(metadata == ["format": "pt", "naïve": "“text”"])
  }

  @Test func putsTensorsIntoFileOrder() throws {
    let header =
      #"{"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]},"#
      + #""a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}   "#
    let folder = try TemporaryFolder()
    let bytes = SafetensorsBytes.file(header: header, data: [1, 2, 3])
    let checkpoint = try Checkpoint(path: try folder.write("x.safetensors", bytes))
    #expect(checkpoint.weights.map(\.name) == ["a", "b"])
    #expect(try checkpoint.bytes(of: checkpoint.tensors[1]) == [3])
  }

  @Test(arguments: [
    ("[]", 0), ("", 0), ("{", 0), ("{}", 1), (#"{"__metadata__":{"a":1}}"#, 0),
    (#"{"__metadata__":[]}"#, 0), (#"{"__metadata__":{"a":{"b":"c"}}}"#, 0),
    (#"{"__metadata__":{},"__metadata__":{}}"#, 0),
  ])
  func refusesHeaders(header: String, count: Int) throws {
    let bytes = SafetensorsBytes.file(header: header, data: Array(repeating: 0, count: count))
    #expect(try failure(bytes)?.code == .malformed)
  }

  @Test(arguments: [
    "1", "[]", "{}", #"{"dtype":"U8","shape":[4]}"#,
    #"{"dtype":"U8","dtype":"U8","shape":[4],"data_offsets":[0,4]}"#,
    #"{"dtype":"U8","shape":[0,4],"shape":[0,4]}"#,
    #"{"dtype":"","shape":[4],"data_offsets":[0,4]}"#,
    #"{"dtype":"X","shape":[4611686018427387904,4],"data_offsets":[0,4]}"#,
    #"{"dtype":"F4","shape":[3],"data_offsets":[0,1]}"#,
    #"{"dtype":"F4","shape":[3],"data_offsets":[0,2]}"#,
    #"{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,4]}"#,
    #"{"dtype":1,"shape":[4],"data_offsets":[0,4]}"#,
    #"{"dtype":"U8","shape":4,"data_offsets":[0,4]}"#,
    #"{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}"#,
    #"{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}"#,
    #"{"dtype":"U8","shape":[4e0],"data_offsets":[0,4]}"#,
    #"{"dtype":"U8","shape":["4"],"data_offsets":[0,4]}"#,
    #"{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,4]}"#,
    #"{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,4]}"#,
    #"{"dtype":"F64","shape":[4611686018427387904,4,0],"data_offsets":[0,0]}"#,
    #"{"dtype":"U8","shape":[4],"data_offsets":[0]}"#,
    #"{"dtype":"U8","shape":[4],"data_offsets":[0,4,4]}"#,
    #"{"dtype":"U8","shape":[4],"data_offsets":[4,0]}"#,
    #"{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}"#,
    #"{"dtype":"U8","shape":[4],"data_offsets":[0,4.0]}"#,
    #"{"dtype":"U8","shape":[5],"data_offsets":[0,5]}"#,
    #"{"dtype":"U8","shape":[4],"data_offsets":[9223372036854775803,9223372036854775807]}"#,
    #"{"dtype":"U8","shape":[3],"data_offsets":[0,4]}"#,
    #"{"dtype":"F32","shape":[4],"data_offsets":[0,4]}"#,
    #"{"dtype":"U8","shape":[3],"data_offsets":[1,4]}"#,
  ])
  func refusesEntries(entry: String) throws {
    let bytes = SafetensorsBytes.file(header: #"{"a.b":\#(entry)}"#, data: [1, 2, 3, 4])
    let error = try failure(bytes)
    #expect(error?.code == .malformed)
    #expect(error?.tensor == "a.b")
  }

  @Test func refusesOverlapsHolesAndRests() throws {
    func two(_ first: (Int, Int), _ second: (Int, Int)) -> [UInt8] {
      let entries = [("a", first), ("b", second)].map { name, range in
        #""\#(name)":{"dtype":"U8","shape":[\#(range.1 - range.0)],"#
          + #""data_offsets":[\#(range.0),\#(range.1)]}"#
      }
      return SafetensorsBytes.file(
        header: "{\(entries.joined(separator: ","))}", data: [1, 2, 3, 4])
    }
    #expect(try failure(two((0, 2), (2, 4))) == nil)
    #expect(try failure(two((0, 0), (0, 4))) == nil)
    #expect(try failure(two((0, 3), (2, 4)))?.tensor == "b")
    #expect(try failure(two((0, 4), (0, 4)))?.tensor == "b")
    #expect(try failure(two((0, 1), (2, 4)))?.tensor == "b")
    #expect(try failure(two((1, 2), (2, 4)))?.tensor == "a")
    #expect(try failure(two((0, 2), (2, 3)))?.message.contains("1 byte after") == true)
  }

  @Test func theLastOfTwoEntriesWithOneNameCounts() throws {
    let folder = try TemporaryFolder()
    let header =
      #"{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]},"b":{"dtype":"U8","shape":[1],"data_offsets":[4,5]},"#
      + #""\u0061":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"__metadata__":{"x":"1","x":"2"}}"#
    let bytes = SafetensorsBytes.file(header: header, data: [1, 2, 3, 4, 5])
    let checkpoint = try Checkpoint(path: try folder.write("x.safetensors", bytes))
    #expect(checkpoint.tensors.map(\.name) == ["a", "b"])
    #expect(checkpoint.tensors.map(\.shape) == [[4], [1]])
    #expect(checkpoint.fileMetadata[0].map { $0.value.string } == ["2"])
  }

  @Test func refusesLengthsThatTheFileCannotHold() throws {
    for length in [UInt64.max, 1 << 63, 1 << 40, 3] {
      let bytes = length.littleEndianBytes + Array("{}".utf8)
      #expect(try failure(bytes)?.code == .malformed)
    }
    for count in 0..<8 {
      #expect(try failure(Array(repeating: 0, count: count))?.code == .malformed)
    }
  }

  @Test func refusesDeepHeaders() throws {
    let deep = String(repeating: "[", count: 100_000)
    #expect(
      try failure(SafetensorsBytes.file(header: "{\"a\":\(deep)", data: []))?.code == .malformed)
  }

  @Test func refusesTruncatedFiles() throws {
    var file = SafetensorsBytes()
    file.addFourBit("w", nested: true)
    file.addRows("a")
    let bytes = file.bytes
    for count in stride(from: 0, to: bytes.count, by: 7) {
      #expect(try failure(Array(bytes[..<count])) != nil)
    }
  }

  @Test func survivesMutations() throws {
    let folder = try TemporaryFolder()
    var file = SafetensorsBytes()
    file.metadata = #"{"format":"pt"}"#
    file.addFourBit("w", nested: true)
    file.addRows("a")
    let bytes = file.bytes
    let headerEnd = 8 + file.header.utf8.count
    var random = SplitMix64(seed: 5)
    for _ in 0..<1500 {
      let mutated = random.mutated(Array(bytes[..<headerEnd])) + bytes[headerEnd...]
      let path = try folder.write("model.safetensors", mutated)
      do {
        let checkpoint = try Checkpoint(path: path)
        for tensor in checkpoint.tensors { _ = try checkpoint.bytes(of: tensor) }
      } catch { #expect(error.file == path && !error.message.isEmpty) }
    }
  }
}
