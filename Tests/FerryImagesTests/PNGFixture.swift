import FerryImages
import Foundation
import Testing

/// A PNG file of one kind and the samples in it; `Scripts/fixtures/png.py` makes them.
struct PNGFixture: Decodable, CustomTestStringConvertible {
  let name: String
  let width, height, channels, bitDepth: Int
  let samples: [Int]

  var testDescription: String { name }

  /// The file.
  var bytes: [UInt8] {
    get throws { Array(try Data(contentsOf: Self.folder.appending(path: "\(name).png"))) }
  }

  /// What is in it.
  var image: Image {
    let bytes = bitDepth == 8 ? samples.map { UInt8($0) } : samples.flatMap(Self.bytes)
    return Image(
      width: width, height: height, channels: channels, bitDepth: bitDepth, samples: bytes)
  }

  private static func bytes(_ sample: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt16(sample)) { Array($0) }
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  /// All of them.
  static let all: [PNGFixture] =
    (try? JSONDecoder().decode(
      [PNGFixture].self, from: Data(contentsOf: folder.appending(path: "cases.json")))) ?? []

  /// Whether the system has the library.
  static let isReadable = (try? PNG()) != nil

  /// The one with this name.
  static func named(_ name: String) throws -> PNGFixture {
    try #require(all.first { $0.name == name })
  }
}

extension PNG {
  /// Decodes an array.
  func decode(_ bytes: [UInt8]) throws -> Image {
    try bytes.withUnsafeBytes { (bytes) throws(ImageError) in try decode(bytes) }
  }

  /// Encodes into an array.
  func encoded(_ image: Image) throws -> [UInt8] {
    var result: [UInt8] = []
    try encode(image) { result += Array($0) }
    return result
  }
}
