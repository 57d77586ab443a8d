import FerryFormats
import Testing

@testable import FerryCheckpoints

/// What the writers write, opened again.
@Suite struct WrittenCheckpointTests {
  private struct Weight {
    let name: String
    let format: WeightFormat
    let shape: [Int]
    var offset: Float = 0

    var encoding: BitsandbytesEncoding? {
      BitsandbytesEncoding(name: name, format: format, dtype: .bf16, shape: shape)
    }
  }

  private static let segments = [
    [Weight(name: "embed.weight", format: .plain(.bf16), shape: [8, 5])],
    [
      Weight(name: "a.weight", format: .fourBit(FourBitFormat(.nf4)), shape: [5, 67]),
      Weight(
        name: "b.weight", format: .fourBit(FourBitFormat(.fp4, blockSize: 32, isNested: true)),
        shape: [9, 33], offset: -0.0123),
      Weight(name: "b.bias", format: .plain(.f16), shape: [3]),
    ],
    [
      Weight(name: "c.weight", format: .int8Rows, shape: [3, 5]),
      Weight(name: "norm.weight", format: .plain(.f32), shape: [2]),
    ],
  ]

  /// Writes the segments into a folder in shards of at most `maximum` bytes.
  private func write(to path: String, maximum: Int) throws {
    let groups = try Self.segments.map { segment in
      try segment.flatMap { weight in
        try #require(weight.encoding).tensors.map { (tensor: $0, owner: weight) }
      }
    }
    let items = StorageOrder.arranged(groups)
    let folder = try FolderWriter(destination: path, replacing: false)
    let writer = try ShardedWriter(
      folder: folder, tensors: items.map(\.tensor.output), maximumShardBytes: maximum)
    for (index, item) in items.enumerated() {
      let count = item.tensor.output.byteCount
      let bytes: [UInt8]
      switch item.tensor.content {
      case .part(let part):
        bytes = Array(repeating: UInt8(part + 1), count: count)
      case .constant(let constant): bytes = constant
      case .document:
        bytes = try #require(
          item.owner.encoding?.document(nestedOffset: item.owner.offset, byteCount: count))
      }
      try bytes.withUnsafeBytes { try writer.write($0, tensor: index) }
    }
    try writer.finish()
    try folder.finish()
  }

  @Test(arguments: [1 << 30, 1200, 1]) func opensAgain(maximum: Int) throws {
    let folder = try TemporaryFolder()
    try write(to: folder("model"), maximum: maximum)
    #expect(try folder.names() == ["model"])
    let checkpoint = try Checkpoint(path: folder("model"))
    #expect((checkpoint.files.count > 1) == (maximum < 1 << 30))
    let weights = Self.segments.flatMap { $0 }
    #expect(checkpoint.weights.count == weights.count)
    for weight in weights {
      let read = checkpoint.weights[try #require(checkpoint.weight(named: weight.name))]
      #expect(read.format == weight.format && read.shape == weight.shape)
      #expect(read.nestedOffset == weight.offset)
      for (index, part) in read.parts.enumerated() {
        let bytes = try checkpoint.bytes(of: checkpoint.tensors[try #require(part)])
        #expect(bytes.allSatisfy { $0 == UInt8(index + 1) })
      }
    }
  }

  /// Segments follow one another in the file; after a document the next one is aligned.
  @Test func keepsSegmentOrder() throws {
    let folder = try TemporaryFolder()
    try write(to: folder("model"), maximum: 1 << 30)
    let checkpoint = try Checkpoint(path: folder("model"))
    let last = try #require(checkpoint.tensor(named: "c.SCB"))
    #expect(checkpoint.tensors[last].offset % StorageOrder.alignment == 0)
    #expect(checkpoint.tensors[0].name == "embed.weight")
    for tensor in checkpoint.tensors {
      #expect(tensor.offset % tensor.encoding.elementType.byteCount == 0, "\(tensor.name)")
    }
  }
}
