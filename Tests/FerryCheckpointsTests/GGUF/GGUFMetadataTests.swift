import Testing

@testable import FerryCheckpoints

/// Values that no reader of a model needs, and where a file says that it is a part.
@Suite struct GGUFMetadataTests {
  @Test func valuesThatNobodyNeedsAreSteppedOver() throws {
    let metadata = try #require(try Checkpoint(path: fixture("Opening/metadata.gguf")).metadata)
    for key in ["largest", "hashes", "nested", "texts"] {
      guard case .unread? = metadata.values["test.\(key)"] else {
        Issue.record("\(key)")
        continue
      }
    }
    #expect(metadata.int("test.large") == .max && metadata.int("test.largest") == nil)
    #expect(metadata.int("test.last") == 7)
  }

  @Test func emptyArraysOfEveryTypeAreLegal() throws {
    var file = GGUFBytes.small
    for type in UInt32(0)...12 {
      file.add("x\(type)", type: 9, type.littleEndianBytes + UInt64(0).littleEndianBytes)
    }
    let metadata = try #require(try openGGUF(file.bytes).metadata)
    #expect(metadata.ints("x4") == [] && metadata.strings("x8") == [])
  }

  @Test func aTextThatIsNotUTF8IsNoObstacle() throws {
    var file = GGUFBytes.small
    let broken = UInt64(1).littleEndianBytes + [0xff]
    file.add("x", type: 8, broken)
    file.add(
      "y", type: 9, [8, 0, 0, 0] + UInt64(2).littleEndianBytes + GGUFBytes.text("a") + broken)
    file.add("z", "after")
    let metadata = try #require(try openGGUF(file.bytes).metadata)
    #expect(metadata.string("x") == nil && metadata.strings("y") == nil)
    #expect(metadata.string("z") == "after")
  }

  @Test func aHugeArrayIsSteppedOverWithoutBeingHeld() throws {
    var file = GGUFBytes.small
    let count = 20 << 20
    file.add(
      "x", type: 9,
      [0, 0, 0, 0] + UInt64(count).littleEndianBytes + [UInt8](repeating: 1, count: count))
    file.add("y", "after")
    let checkpoint = try openGGUF(file.bytes)
    let metadata = try #require(checkpoint.metadata)
    guard case .unread? = metadata.values["x"] else {
      Issue.record("20 Mi numbers are held")
      return
    }
    #expect(metadata.string("y") == "after" && checkpoint.tensors.count == 1)
  }

  @Test func partsOfASplitModelSayWhichTheyAre() throws {
    let first = try Checkpoint(path: fixture("Opening/split-00001-of-00002.gguf"))
    let whole = try #require(first.metadata?.split)
    #expect(whole == (1, 2))
    func split(_ number: Int16, _ count: Int16) throws -> (part: Int, count: Int)? {
      var file = GGUFBytes.small
      file.add("split.no", type: 3, number.littleEndianBytes)
      file.add("split.count", type: 3, count.littleEndianBytes)
      return try openGGUF(file.bytes).metadata?.split
    }
    #expect(try #require(try split(2, 3)) == (3, 3))
    for count in [-1, 0, 1] as [Int16] { #expect(try split(0, count) == nil) }
    #expect(try openGGUF(GGUFBytes.small.bytes).metadata?.split == nil)
  }
}
