import FerryFormats
import Foundation
import Testing

@testable import FerryCheckpoints

/// ncnn's `.param` and `.bin` files: what is found in them, and what is refused.
@Suite struct NCNNTests {
  @Test func findsTheWeightsOfLayers() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: NCNNFiles().write(to: folder))
    #expect(checkpoint.container == .ncnn)
    #expect(
      checkpoint.tensors.map(\.name) == [
        "a.weight", "a.bias", "p.slopes", "b.weight", "b.bias",
      ])
    #expect(checkpoint.tensors.map(\.shape) == [[1, 1, 3, 3], [1], [1], [1, 1, 1, 1], [1]])
    #expect(
      checkpoint.tensors.map(\.encoding.elementType) == [.f16, .f32, .f32, .f32, .f32])
    #expect(
      checkpoint.network?.layers.map(\.type) == ["Input", "Convolution", "PReLU", "Convolution"])
    #expect(checkpoint.network?.layers[3].lists == [10: [0.25]])
    var bias: Float = 0
    try withUnsafeMutableBytes(of: &bias) { try checkpoint.read(checkpoint.tensors[1], into: $0) }
    #expect(bias == 1.5)
    var weight: Float = 0
    try withUnsafeMutableBytes(of: &weight) {
      try checkpoint.read(checkpoint.tensors[3], into: $0)
    }
    #expect(weight == -2)
  }

  @Test func everyTruncationAndEveryByteTooManyIsAnError() throws {
    let files = NCNNFiles()
    for count in 0...files.binary.count + 4 where count != files.binary.count {
      var damaged = files
      damaged.binary = Array((files.binary + [0, 0, 0, 0]).prefix(count))
      let folder = try TemporaryFolder()
      let path = try damaged.write(to: folder)
      #expect(throws: CheckpointError.self, "\(count) bytes") { try Checkpoint(path: path) }
    }
  }

  @Test(arguments: [0x000D_4B38, 1, 0x0100_0000] as [UInt32])
  func eightBitTablesAreRefused(_ flag: UInt32) throws {
    var files = NCNNFiles()
    files.binary.replaceSubrange(0..<4, with: flag.littleEndianBytes)
    #expect(try Self.code(of: files) == .unsupported)
  }

  @Test(arguments: [
    ("7767517", "7767518"), ("4 4", "5 4"), ("4 4", "x y"), ("PReLU", "LSTM"), ("0=1", "0=0"),
    ("0=1", "0=-1"), ("0=1", "0=1.5"), ("0=1", "0=1e30"), ("0=1", "0=nan"), ("1=3", "1=4"),
    ("1=3", "1=3 1=3"), ("6=9", "6=10"), ("6=9", "6=9223372036854775807"), ("6=9", "6=0"),
    ("6=9", "6=9,9"), ("-23310=1,", "-23310=2,"), ("-23310=1,", "-23399=1,"), ("5=1", "5=2"),
    ("1 1 data", "1 100 data"), ("1 1 data", "9223372036854775807 1 data"), ("0 1 data", "0"),
    ("PReLU", "PReLU\n"), ("Convolution b", "Convolution a"), ("8=0", "8=1"),
  ])
  func unsoundDescriptionsAreErrors(_ change: (from: String, to: String)) throws {
    var files = NCNNFiles()
    let range = try #require(files.text.range(of: change.from))
    files.text.replaceSubrange(range, with: change.to)
    _ = try Self.code(of: files)
  }

  @Test func aTextOfAnyBytesIsAnErrorOrANetwork() throws {
    let files = NCNNFiles()
    var generator = SystemRandomNumberGenerator()
    var bytes = Array(files.text.utf8)
    for _ in 0..<2000 {
      var damaged = bytes
      for _ in 0..<3 {
        damaged[Int.random(in: 8..<damaged.count, using: &generator)] = UInt8.random(in: 0...255)
      }
      let text = String(decoding: damaged, as: UTF8.self)
      do throws(CheckpointError) {
        _ = try NCNNNetwork(text: text, file: "x.param")
      } catch {
        #expect(error.code == .malformed)
      }
    }
    bytes = []
    #expect(throws: CheckpointError.self) { try NCNNNetwork(text: "", file: "x.param") }
  }

  @Test func aMissingWeightFileIsNamed() throws {
    let folder = try TemporaryFolder()
    let path = try NCNNFiles().write(to: folder, withBinary: false)
    let error = try #require(throws: CheckpointError.self) { try Checkpoint(path: path) }
    #expect(error.description.contains("net.bin"))
  }

  private static func code(of files: NCNNFiles) throws -> CheckpointError.Code {
    let folder = try TemporaryFolder()
    let path = try files.write(to: folder)
    return try #require(throws: CheckpointError.self) { try Checkpoint(path: path) }.code
  }
}

/// A small network as ncnn stores it, which may be made wrong on purpose.
private struct NCNNFiles {
  var text = """
    7767517
    4 4
    Input a0 0 1 data
    Convolution a 1 1 data x 0=1 1=3 4=1 5=1 6=9 8=0
    PReLU p 1 1 x y 0=1
    Convolution b 1 1 y z 0=1 1=1 5=1 6=1 9=2 -23310=1,2.500000e-01

    """
  var binary: [UInt8] =
    (0x0130_6B47 as UInt32).littleEndianBytes + [UInt8](repeating: 0, count: 18) + [0, 0]
    + [Float]([1.5]).littleEndianBytes + [Float]([0.5]).littleEndianBytes
    + (0 as UInt32).littleEndianBytes + [Float]([-2, 3]).littleEndianBytes

  /// Writes both files; returns the path of the text.
  func write(to folder: TemporaryFolder, withBinary: Bool = true) throws -> String {
    if withBinary { try folder.write("net.bin", binary) }
    return try folder.write("net.param", Array(text.utf8))
  }
}
