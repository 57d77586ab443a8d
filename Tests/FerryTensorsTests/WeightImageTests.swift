import FerryDevices
import FerryFormats
import FerryTensors
import Testing

@Suite("A weight image")
struct WeightImageTests {
  /// Two segments whose parts lie in the file in another order, at odd offsets.
  static func layout(of path: String) throws -> WeightLayout {
    let identity = try FileIdentity(path: path)
    let first = WeightDescription(
      names: ["a", "tied"], format: .int8Rows, dtype: .f16, shape: [2, 5],
      sources: [FileRange(file: 0, offset: 101), FileRange(file: 0, offset: 7)])
    let second = WeightDescription(
      names: ["b"], format: .plain(.u8), dtype: .u8, shape: [13],
      sources: [FileRange(file: 0, offset: 50)])
    return WeightLayout(
      planning: [
        SegmentDescription(name: "one", weights: [first]),
        SegmentDescription(name: "two", weights: [second]),
      ], files: [SourceFile(path: path, identity: identity)])
  }

  let bytes = (0..<200).map { UInt8($0) }

  @Test("of mapped files shows every part where the file has it")
  func mapped() throws {
    let file = try TemporaryFile(bytes)
    let image = try WeightImage(mapping: try Self.layout(of: file.path))
    #expect(image.isComplete && image.storage == .mapped && image.device == .cpu)
    let weight = try #require(image.resident(segment: 0))[0]
    #expect(weight.payload.hostBytes.map(Array.init) == Array(101..<111))
    #expect(weight.part(.rowAbsmax)?.hostBytes.map(Array.init) == Array(7..<15))
    #expect(weight.part(.absmax) == nil)
    #expect((weight.rowCount, weight.columnCount) == (2, 5))
  }

  @Test("of a file that changed since its header was read is refused")
  func changed() throws {
    let file = try TemporaryFile(bytes)
    let layout = try Self.layout(of: file.path)
    try file.replace(Array(bytes.reversed()))
    let error = #expect(throws: TensorError.self) { try WeightImage(mapping: layout) }
    #expect(error?.code == .fileChanged)
  }

  @Test("that is assembled shows parts at their image offsets, absent segments not at all")
  func assembled() throws {
    let file = try TemporaryFile(bytes)
    let layout = try Self.layout(of: file.path)
    let context = try DeviceContext(HostBackend())
    var image = WeightImage(empty: layout, device: .cpu, storage: .pageable)
    #expect(!image.isComplete)
    #expect(image.resident(segment: 1) == nil)
    let segment = layout.segments[1]
    let allocation = try context.allocate(byteCount: 5000)
    image.set(.assembled(allocation.view[100, count: segment.imageRange.count]), segment: 1)
    let part = try #require(image.view(of: segment.parts[0], segment: 1))
    #expect((part.offset, part.byteCount) == (100, 13))
    #expect(try #require(image.resident(segment: 1))[1].payload.offset == 100)
    #expect(image.resident(segment: 0) == nil)
  }
}
