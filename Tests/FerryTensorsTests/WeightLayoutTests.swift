import FerryFormats
import FerryTensors
import Testing

@Suite("A weight layout")
struct WeightLayoutTests {
  static let nested = WeightFormat.fourBit(FourBitFormat(.nf4, blockSize: 64, isNested: true))

  static func weight(
    _ name: String, _ format: WeightFormat = .plain(.f32), _ shape: [Int] = [3, 5],
    contents: [Int?]? = nil
  ) -> WeightDescription {
    WeightDescription(
      names: [name], format: format, dtype: .f32, shape: shape, contents: contents)
  }

  static let mixed = WeightLayout(planning: [
    SegmentDescription(
      name: "embedding",
      weights: [weight("e", .plain(.bf16), [7, 3]), weight("empty", .plain(.f32), [0, 3])]),
    SegmentDescription(name: "nothing", weights: []),
    SegmentDescription(
      name: "layers.0",
      weights: [
        weight("q", nested, [65, 67], contents: [nil, nil, nil, 1]),
        weight("k", nested, [1, 1], contents: [nil, nil, nil, 1]),
        weight("v", .int8Rows, [5, 9]), weight("o", .dynamic8(blockSize: 256), [300]),
      ]),
    SegmentDescription(
      name: "layers.1", weights: [weight("q1", nested, [65, 67], contents: [nil, nil, nil, 1])]),
  ])

  @Test("aligns parts and segments, in order and without overlap")
  func placement() {
    var end = 0
    for segment in Self.mixed.segments {
      #expect(segment.imageRange.lowerBound % WeightLayout.segmentAlignment == 0)
      #expect(segment.imageRange.lowerBound >= end)
      end = segment.imageRange.lowerBound
      for part in segment.parts {
        #expect(part.imageOffset % WeightLayout.partAlignment == 0)
        #expect(part.imageOffset >= end)
        end = part.imageOffset + part.byteCount
      }
      #expect(segment.imageRange.upperBound == end)
    }
    #expect(Self.mixed.imageByteCount == end)
  }

  @Test("gives parts with equal contents one place in a segment, and one in each segment")
  func sharing() {
    let tables = Self.mixed.entries.compactMap { entry in
      entry.parts.first { $0.role == .nestedTable }?.imageOffset
    }
    #expect(tables.count == 3)
    #expect(tables[0] == tables[1])
    #expect(tables[1] != tables[2])
    #expect(Self.mixed.segments[2].parts.count { $0.role == .nestedTable } == 1)
    #expect(Self.mixed.segments[3].parts.count { $0.role == .nestedTable } == 1)
  }

  @Test("counts bytes without padding, shared tables once a segment")
  func byteCounts() {
    let expected = 7 * 3 * 2 + (2178 + 69 + 4 + 1024) + (1 + 1 + 4) + (45 + 20) + (300 + 8 + 1024)
    #expect(Self.mixed.byteCount == expected + (2178 + 69 + 4 + 1024))
    #expect(Self.mixed.entries[2].byteCount == 2178 + 69 + 4 + 1024)
  }

  @Test("finds a weight by each of its names, and names by their bytes")
  func names() {
    let tied = WeightDescription(
      names: ["embed", "head"], format: .plain(.f32), dtype: .f32, shape: [2, 2])
    let layout = WeightLayout(planning: [
      SegmentDescription(
        name: "all", weights: [tied, Self.weight("caf\u{e9}"), Self.weight("cafe\u{301}")])
    ])
    #expect(layout.index(of: "embed") == 0)
    #expect(layout.index(of: "head") == 0)
    #expect(layout.index(of: "caf\u{e9}") == 1)
    #expect(layout.index(of: "cafe\u{301}") == 2)
    #expect(layout.index(of: "other") == nil)
  }

  @Test("is mappable when every part lies in a file")
  func mappable() {
    #expect(!Self.mixed.isMappable)
    let read = WeightDescription(
      names: ["w"], format: .plain(.u8), dtype: .u8, shape: [4],
      sources: [FileRange(file: 0, offset: 3)])
    #expect(WeightLayout(planning: [SegmentDescription(name: "s", weights: [read])]).isMappable)
  }

  @Test("of nothing has no slabs")
  func nothing() {
    let layout = WeightLayout(planning: [])
    #expect(layout.slabs().isEmpty)
    #expect(layout.imageByteCount == 0)
    #expect(layout.byteCount == 0)
  }

  @Test(
    "is cut into slabs of whole segments within the limit", arguments: [1, 4096, 10_000, 1 << 20])
  func slabs(limit: Int) {
    let layout = WeightLayout(
      planning: (0..<40).map { index in
        SegmentDescription(
          name: "s\(index)", weights: [Self.weight("w\(index)", .plain(.u8), [index * 700])])
      })
    let slabs = layout.slabs(limit: limit)
    #expect(slabs.flatMap(\.segments) == Array(0..<40))
    for slab in slabs {
      let segments = layout.segments[slab.segments]
      #expect(slab.imageRange.lowerBound == segments.first?.imageRange.lowerBound)
      #expect(slab.imageRange.upperBound == segments.last?.imageRange.upperBound)
      #expect(slab.imageRange.count <= limit || slab.segments.count == 1)
    }
    for (slab, next) in zip(slabs, slabs.dropFirst()) {
      let joined = layout.segments[next.segments.lowerBound].imageRange.upperBound
      #expect(joined - slab.imageRange.lowerBound > limit, "\(slab) could have held one more")
    }
  }
}
