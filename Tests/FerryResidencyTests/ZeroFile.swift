import FerryFormats
import FerryTensors
import Foundation

/// A file of plain tensors of one size, all zero.
final class ZeroFile {
  let path: String
  let layout: WeightLayout

  /// `count` tensors of `size` bytes, `perSegment` of them in a segment.
  init(count: Int, size: Int, perSegment: Int) throws {
    path =
      FileManager.default.temporaryDirectory.appendingPathComponent(
        "ferry-zeros-\(UUID().uuidString)"
      ).path
    try Data().write(to: URL(fileURLWithPath: path))
    _ = truncate(path, off_t(count * size))
    let segments = (0..<(count / perSegment)).map { segment in
      SegmentDescription(
        name: "\(segment)",
        weights: (0..<perSegment).map { Self.weight(segment * perSegment + $0, size) })
    }
    let source = SourceFile(path: path, identity: try FileIdentity(path: path))
    layout = WeightLayout(planning: segments, files: [source])
  }

  deinit { unlink(path) }

  private static func weight(_ number: Int, _ size: Int) -> WeightDescription {
    WeightDescription(
      names: ["\(number)"], format: .plain(.u8), dtype: .u8, shape: [size],
      sources: [FileRange(file: 0, offset: number * size)])
  }
}
