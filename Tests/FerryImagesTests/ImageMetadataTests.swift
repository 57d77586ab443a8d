import Foundation
import Testing

@testable import FerryImages

/// What a file says beside its samples (`Scripts/fixtures/png.py`).
@Suite(.enabled(if: PNGFixture.isReadable, "needs libpng"))
struct ImageMetadataTests {
  @Test func coloursResolutionAndOrientationAreRead() throws {
    let metadata = try Self.image("annotated").metadata
    // Without what is damaged, repeated, at the wrong place, or of the text.
    #expect(metadata.types == ["gAMA", "cHRM", "iCCP", "pHYs", "eXIf"])
    #expect(metadata.chunks[0].data == [0, 0, 0xb1, 0x8f])
    #expect(metadata.chunks[3].data == [0, 0, 0x0e, 0xc4, 0, 0, 0x1d, 0x88, 1])
    #expect(
      try Self.image("annotated-gray16").metadata.types == [
        "sRGB", "cICP", "mDCV", "cLLI", "pHYs",
      ])
  }

  @Test(arguments: ["annotated", "annotated-gray16"])
  func whatWasReadIsWritten(_ name: String) throws {
    let image = try Self.image(name)
    #expect(!image.metadata.types.isEmpty)
    #expect(try PNG().decode(PNG().encoded(image)) == image)
  }

  /// A picture four times as large is to be as large on paper; where only the shape of a pixel is told, it
  /// stays, as all else does.
  @Test func aResolutionGrowsWithThePicture() throws {
    let metadata = try Self.image("annotated").metadata
    let larger = metadata.scaled(by: 4)
    #expect(larger.chunks[3].data == [0, 0, 0x3b, 0x10, 0, 0, 0x76, 0x20, 1])
    #expect(larger.types == metadata.types)
    for place in [0, 1, 2, 4] { #expect(larger.chunks[place] == metadata.chunks[place]) }
    let most = metadata.scaled(by: 1 << 30).chunks[3].data
    #expect(most == [0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 1])
    let shape = try Self.image("annotated-gray16").metadata
    #expect(shape.scaled(by: 4) == shape)
  }

  @Test func metadataOfATruncatedFileEndsWhereItEnds() throws {
    let bytes = try Self.bytes("annotated")
    for count in bytes.indices {
      let metadata = bytes[..<count].withUnsafeBytes { PNGChunks.metadata(of: $0) }
      #expect(metadata.types.count <= 5)
    }
  }

  private static func image(_ name: String) throws -> Image { try PNG().decode(try bytes(name)) }

  private static func bytes(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    return Array(try Data(contentsOf: folder.appending(path: "\(name).png")))
  }
}
