import FerryFormats
import Testing

@testable import FerryCheckpoints

/// Opens these bytes as a `.gguf` file.
func openGGUF(_ bytes: [UInt8]) throws -> Checkpoint {
  let folder = try TemporaryFolder()
  return try Checkpoint(path: try folder.write("model.gguf", bytes))
}

/// What opening them throws.
func failureGGUF(_ build: (inout GGUFBytes) -> Void) -> CheckpointError? {
  var file = GGUFBytes.small
  build(&file)
  do {
    _ = try openGGUF(file.bytes)
    return nil
  } catch { return error as? CheckpointError }
}

@Suite struct GGUFTests {
  @Test(arguments: [2, 3] as [UInt32]) func reads(version: UInt32) throws {
    var file = GGUFBytes.small
    file.version = version
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: try folder.write("model.gguf", file.bytes))
    #expect(checkpoint.container == .gguf)
    #expect(checkpoint.metadata?.string("general.architecture") == "llama")
    #expect(checkpoint.tensors.map(\.shape) == [[2, 2]])
    let bytes = try checkpoint.bytes(of: checkpoint.tensors[0])
    #expect(bytes == ([1, 2, 3, 4] as [Float]).littleEndianBytes)
  }

  @Test func readsWhatGGUFWrites() throws {
    let checkpoint = try Checkpoint(path: fixture("blocks.gguf"))
    let floats = try Checkpoint(path: fixture("blocks.safetensors"))
    #expect(checkpoint.tensors.count == 6)
    for weight in checkpoint.weights {
      let stored = checkpoint.tensors[try #require(weight.parts[0])]
      let index = try #require(floats.tensor(named: weight.name))
      let expected = try floats.bytes(of: floats.tensors[index])
      #expect(weight.shape == [3, 96])
      if case .ggufBlocks(let type) = stored.encoding {
        #expect(weight.format == .plain(.f32))
        let decoded = type.decoded(try checkpoint.bytes(of: stored))
        #expect(decoded.littleEndianBytes == expected, "\(weight.name)")
      } else if weight.dtype == .f32 {
        #expect(try checkpoint.bytes(of: stored) == expected)
      }
    }
    #expect(Set(checkpoint.weights.map(\.dtype)) == [.f32, .f16, .bf16])
  }

  @Test func readsEveryTypeOfMetadata() throws {
    let metadata = try #require(try Checkpoint(path: fixture("blocks.gguf")).metadata)
    let whole = [
      "u8": 200, "i8": -100, "u16": 60_000, "i16": -30_000, "u32": 4_000_000_000,
      "i32": -2_000_000_000, "u64": 1 << 62, "i64": -(1 << 62),
    ]
    for (key, value) in whole { #expect(metadata.int("test.\(key)") == value) }
    #expect(metadata.double("test.f32") == 0.5)
    #expect(metadata.double("test.f64") == 1e-300)
    #expect(metadata.bool("test.bool") == true)
    #expect(metadata.string("test.string") == "naïve “text”")
    #expect(metadata.strings("test.strings") == ["a", "", "ß"])
    #expect(metadata.ints("test.ints") == [1, -2, 3])
    guard case .floats([0.5, -1.5])? = metadata.values["test.floats"],
      case .bools([true, false])? = metadata.values["test.bools"]
    else {
      Issue.record("arrays of floats and truth values")
      return
    }
  }

  @Test func decodesNibblesLowHalfFirst() {
    let one: [UInt8] = [0x00, 0x3c]
    let codes = (0..<16).map { UInt8($0 | (15 - $0) << 4) }
    let half = (0..<16).map(Float.init)
    let all = half + half.reversed()
    #expect(GGUFBlockType.q4_0.decoded(one + codes) == all.map { $0 - 8 })
    #expect(GGUFBlockType.q4_1.decoded(one + [0x00, 0x40] + codes) == all.map { $0 + 2 })
    let signed = (0..<32).map { UInt8(truncatingIfNeeded: $0 * 8 - 128) }
    let expected = signed.map { 0.5 * Float(Int8(bitPattern: $0)) }
    #expect(GGUFBlockType.q8_0.decoded([0x00, 0x38] + signed) == expected)
    for type in GGUFBlockType.allCases { #expect(type.decoded([]).isEmpty) }
  }

  @Test func readsNestedArraysToADepth() throws {
    func nested(_ depth: Int) -> [UInt8] {
      let level = UInt32(9).littleEndianBytes + UInt64(1).littleEndianBytes
      return Array(repeatElement(level, count: depth).joined()) + [0, 0, 0, 0]
        + UInt64(2).littleEndianBytes + [7, 8]
    }
    var file = GGUFBytes.small
    file.add("x", type: 9, nested(60))
    file.add("y", "after")
    let metadata = try #require(try openGGUF(file.bytes).metadata)
    #expect(metadata.string("y") == "after")
    #expect(failureGGUF { $0.add("x", type: 9, nested(70)) }?.code == .malformed)
    #expect(failureGGUF { $0.add("x", type: 9, nested(100_000)) }?.code == .malformed)
  }

  @Test func honoursTheAlignment() throws {
    var file = GGUFBytes()
    file.alignment = 64
    file.add("general.alignment", type: 4, UInt32(64).littleEndianBytes)
    file.add("b", [1], type: 24, offset: 64)
    file.add("a", [3], type: 24, offset: 0)
    file.data = [1, 2, 3] + [UInt8](repeating: 0, count: 61) + [4]
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: try folder.write("model.gguf", file.bytes))
    #expect(checkpoint.tensors.map(\.name) == ["a", "b"])
    #expect(try checkpoint.bytes(of: checkpoint.tensors[1]) == [4])
    #expect(
      failureGGUF { $0.add("general.alignment", type: 4, [48, 0, 0, 0]) }?.code == .malformed)
    #expect(failureGGUF { $0.add("general.alignment", type: 4, [0, 0, 0, 0]) }?.code == .malformed)
    #expect(failureGGUF { $0.add("general.alignment", "32") }?.code == .malformed)
  }

  @Test func refusesDamagedHeaders() {
    let cases: [(String, (inout GGUFBytes) -> Void)] = [
      ("magic", { $0.magic = Array("GGML".utf8) }),
      ("tensor count", { $0.tensorCount = .max }),
      ("one tensor more", { $0.tensorCount = 2 }),
      ("pair count", { $0.pairCount = 1 << 40 }),
      ("one pair more", { $0.pairCount = 2 }),
      ("key length", { $0.pairs.append(UInt64.max.littleEndianBytes) }),
      ("text length", { $0.add("x", type: 8, (UInt64(1) << 62).littleEndianBytes) }),
      ("array count", { $0.add("x", type: 9, [8, 0, 0, 0] + UInt64.max.littleEndianBytes) }),
      (
        "array count of bytes",
        { $0.add("x", type: 9, [0, 0, 0, 0] + UInt64(1000).littleEndianBytes) }
      ),
      ("array type", { $0.add("x", type: 9, [13, 0, 0, 0] + UInt64(0).littleEndianBytes) }),
      ("value type", { $0.add("x", type: 13, []) }),
      ("truth value", { $0.add("x", type: 7, [2]) }),
      ("key twice", { $0.add("general.architecture", "llama") }),
      ("key encoding", { $0.pairs.append(UInt64(1).littleEndianBytes + [0xff, 7, 0, 0, 0, 1]) }),
    ]
    for (name, damage) in cases {
      let error = failureGGUF(damage)
      #expect(error?.code == .malformed, "\(name)")
      #expect(error?.file.hasByteSuffix("model.gguf") == true, "\(name)")
    }
  }

  @Test func refusesDamagedTensors() {
    let cases: [(String, CheckpointError.Code, (inout GGUFBytes) -> Void)] = [
      ("five dimensions", .malformed, { $0.add("b", [1, 1, 1, 1, 1], type: 24, offset: 32) }),
      ("overflow", .malformed, { $0.add("b", [1 << 40, 1 << 40], type: 0, offset: 32) }),
      ("huge extent", .malformed, { $0.add("b", [.max], type: 0, offset: 32) }),
      ("half a block", .malformed, { $0.add("b", [48], type: 2, offset: 32) }),
      ("no dimension for blocks", .malformed, { $0.add("b", [], type: 2, offset: 32) }),
      ("impossible type", .malformed, { $0.add("b", [32], type: 256, offset: 32) }),
      ("unknown type beyond the end", .malformed, { $0.add("b", [32], type: 99, offset: 32) }),
      (
        "unknown type of a huge shape", .malformed,
        { $0.add("b", [1 << 40, 1 << 40], type: 99, offset: 32) }
      ),
      ("half a block of 256", .malformed, { $0.add("b", [128], type: 12, offset: 32) }),
      ("blocks beyond the end", .malformed, { $0.add("b", [256], type: 12, offset: 32) }),
      ("not aligned", .malformed, { $0.add("b", [1], type: 24, offset: 16) }),
      ("hole", .malformed, { $0.add("b", [1], type: 24, offset: 64) }),
      ("overlap", .malformed, { $0.add("b", [1], type: 24, offset: 0) }),
      ("beyond the end", .malformed, { $0.add("b", [1], type: 24, offset: 32) }),
      ("far offset", .malformed, { $0.add("b", [1], type: 24, offset: UInt64(Int.max) & ~31) }),
    ]
    for (name, code, damage) in cases {
      let error = failureGGUF(damage)
      #expect(error?.code == code, "\(name): \(String(describing: error))")
      #expect(error?.tensor == "b" || name == "huge extent" || name == "overlap", "\(name)")
    }
    #expect(failureGGUF { $0.add("a", [1], type: 24, offset: 32) }?.tensor == "a")
  }

  @Test func refusesOtherVersions() {
    let old = failureGGUF { $0.version = 1 }
    #expect(old?.code == .unsupported && old?.message.contains("version 1") == true)
    #expect(failureGGUF { $0.version = 4 }?.code == .unsupported)
    let swapped = failureGGUF { $0.version = UInt32(3).byteSwapped }
    #expect(swapped?.code == .unsupported && swapped?.message.contains("big-endian") == true)
    #expect(swapped?.message.contains("gguf-convert-endian") == true)
  }

  @Test func refusesTruncatedAndLongerFiles() throws {
    let bytes = GGUFBytes.small.bytes
    for count in 0..<bytes.count {
      #expect(throws: CheckpointError.self) { try openGGUF(Array(bytes[..<count])) }
    }
    _ = try openGGUF(bytes + [UInt8](repeating: 0, count: 16))
    #expect(throws: CheckpointError.self) { try openGGUF(bytes + [UInt8](repeating: 0, count: 17)) }
  }

  @Test func survivesMutations() throws {
    let folder = try TemporaryFolder()
    var seed = GGUFBytes.small
    seed.add(
      "x", type: 9,
      [8, 0, 0, 0] + UInt64(2).littleEndianBytes + GGUFBytes.text("é") + GGUFBytes.text(""))
    seed.add("y", type: 10, UInt64(3).littleEndianBytes)
    let bytes = seed.bytes
    var random = SplitMix64(seed: 3)
    for _ in 0..<1500 {
      let path = try folder.write("model.gguf", random.mutated(bytes))
      do {
        let checkpoint = try Checkpoint(path: path)
        for tensor in checkpoint.tensors { _ = try checkpoint.bytes(of: tensor) }
      } catch { #expect(error.file == path && !error.message.isEmpty) }
    }
  }
}

extension GGUFBlockType {
  /// The elements of whole blocks.
  func decoded(_ bytes: [UInt8]) -> [Float] {
    let count = bytes.count / blockByteCount * Self.blockSize
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      bytes.withUnsafeBytes {
        decode($0, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      }
      initialized = count
    }
  }
}

extension SplitMix64 {
  /// A few bytes changed, or the end cut off.
  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...(next() % 3) {
      let index = Int(next() % UInt64(bytes.count))
      bytes[index] = next() % 2 == 0 ? bytes[index] ^ (1 << (next() % 8)) : UInt8(next() % 256)
    }
    if next() % 8 == 0 { bytes.removeLast(Int(next() % UInt64(bytes.count))) }
    return bytes
  }
}
