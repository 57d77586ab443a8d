import FerryCheckpoints
import FerryFormats
import Foundation
import Testing

/// A folder of its own for each test, removed afterwards.
private func withFolder(_ body: (String) throws -> Void) throws {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  try body(path)
}

private func contents(_ path: String) throws -> [UInt8] {
  try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
}

@Suite struct SafetensorsWriterTests {
  @Test func placesTensorsInOrderFromAMultipleOf4096WithoutHoles() throws {
    try withFolder { folder in
      let tensors = [
        OutputTensor("a", .f32, shape: [2]), OutputTensor("b", .u8, shape: [3]),
        OutputTensor("scalar", .u8, shape: []), OutputTensor("empty", .bf16, shape: [0, 4]),
      ]
      let writer = try SafetensorsWriter(
        path: "\(folder)/x.safetensors", tensors: tensors, replacing: false)
      try [9, 8, 7].withUnsafeBytes { try writer.write(.init(rebasing: $0[..<1]), tensor: 2) }
      try [UInt8](repeating: 5, count: 8).withUnsafeBytes { try writer.write($0, tensor: 0) }
      try [UInt8](arrayLiteral: 1, 2).withUnsafeBytes { try writer.write($0, tensor: 1, at: 1) }
      try [UInt8](arrayLiteral: 0).withUnsafeBytes { try writer.write($0, tensor: 1) }
      try writer.finish()
      let bytes = try contents("\(folder)/x.safetensors")
      let length = Int(bytes[0]) | Int(bytes[1]) << 8
      #expect((8 + length) % 4096 == 0)
      #expect(Array(bytes[(8 + length)...]) == [5, 5, 5, 5, 5, 5, 5, 5, 0, 1, 2, 9])
      let header = try JSONValue(parsing: Array(bytes[8..<(8 + length)]), file: "x")
      #expect(header["b"]?["data_offsets"]?.array?.compactMap(\.int) == [8, 11])
      #expect(header["empty"]?["shape"]?.array?.compactMap(\.int) == [0, 4])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["x.safetensors"])
    }
  }

  @Test func leavesNothingWhenItIsNotFinished() throws {
    try withFolder { folder in
      do {
        let writer = try SafetensorsWriter(
          path: "\(folder)/x.safetensors", tensors: [OutputTensor("a", .f32, shape: [2])],
          replacing: false)
        #expect(writer.byteCount == 4096 + 8)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  /// The file behind a link is replaced, and the link stays: `/dev/stdout` is one.
  @Test func writesThroughLinks() throws {
    try withFolder { folder in
      let (path, link) = ("\(folder)/x.safetensors", "\(folder)/link")
      try Data().write(to: URL(fileURLWithPath: path))
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
      try SafetensorsWriter(path: link, tensors: [], replacing: true).finish()
      let target = try FileManager.default.destinationOfSymbolicLink(atPath: link)
      let written = try contents(path)
      #expect(target == path && written.count > 1)
    }
  }

  /// Two results under one name, however it is spelled, would be one file of both.
  @Test func oneFileIsNotWrittenTwiceAtATime() throws {
    try withFolder { folder in
      let first = try SafetensorsWriter(path: "\(folder)/x", tensors: [], replacing: true)
      #expect(throws: CheckpointError.self) {
        _ = try SafetensorsWriter(path: "\(folder)/./x", tensors: [], replacing: true)
      }
      try first.finish()
      try SafetensorsWriter(path: "\(folder)/x", tensors: [], replacing: true).finish()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["x"])
    }
  }

  @Test(arguments: ["", "FOLDER/x/"])
  func aFileHasAName(_ name: String) throws {
    try withFolder { folder in
      let path = name.replacingOccurrences(of: "FOLDER", with: folder)
      #expect(throws: CheckpointError.self) {
        _ = try SafetensorsWriter(path: path, tensors: [], replacing: true)
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }

  @Test func refusesAnExistingFileUnlessToldToReplaceIt() throws {
    try withFolder { folder in
      let path = "\(folder)/x.safetensors"
      try Data().write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: CheckpointError.self) {
        _ = try SafetensorsWriter(path: path, tensors: [], replacing: false)
      }
      #expect(error?.code == .exists)
      #expect(error?.description.contains("--force") == true)
      try SafetensorsWriter(path: path, tensors: [], replacing: true).finish()
      #expect(try contents(path).count == 4096)
    }
  }

  @Test func namesTheFolderThatIsNotThere() throws {
    let error = #expect(throws: CheckpointError.self) {
      _ = try SafetensorsWriter(path: "/no/such/folder/x", tensors: [], replacing: false)
    }
    #expect(error?.code == .unwritable)
    #expect(error?.description.contains("/no/such/folder/x") == true)
  }

  @Test func reportsAFullDisk() throws {
    let error = #expect(throws: CheckpointError.self) {
      try withFolder { folder in
        let huge = OutputTensor("a", .f32, shape: [1 << 30, 1 << 20])
        _ = try SafetensorsWriter(path: "\(folder)/x", tensors: [huge], replacing: false)
      }
    }
    #expect(error?.code == .unwritable)
  }
}

@Suite struct FolderWriterTests {
  @Test func appearsWholeAndReplacesWhatWasThere() throws {
    try withFolder { folder in
      let destination = "\(folder)/model"
      let first = try FolderWriter(destination: destination, replacing: false)
      try first.write([1, 2], named: "config.json")
      try first.write([3], named: "model.safetensors")
      #expect(!FileTree.exists(destination))
      try first.finish()
      #expect(throws: CheckpointError.self) {
        _ = try FolderWriter(destination: destination, replacing: false)
      }
      let second = try FolderWriter(destination: destination, replacing: true)
      try second.copy("\(destination)/config.json", named: "other.json")
      try second.finish()
      #expect(FileTree.entries(of: destination) == ["other.json"])
      #expect(try contents("\(destination)/other.json") == [1, 2])
      #expect(FileTree.entries(of: folder) == ["model"])
    }
  }

  @Test func leavesNothingWhenItIsNotFinished() throws {
    try withFolder { folder in
      do {
        let writer = try FolderWriter(destination: "\(folder)/model", replacing: false)
        try writer.write([1], named: "a")
      }
      #expect(FileTree.entries(of: folder).isEmpty)
    }
  }
}

@Suite struct ShardedWriterTests {
  @Test func writesOneFileWithoutIndexWhenEverythingFits() throws {
    try withFolder { folder in
      let writer = try FolderWriter(destination: "\(folder)/m", replacing: false)
      try write(in: writer, maximumShardBytes: 1000)
      try writer.finish()
      #expect(FileTree.entries(of: "\(folder)/m") == ["model.safetensors"])
    }
  }

  @Test func splitsInOrderAndIndexesEveryTensor() throws {
    try withFolder { folder in
      let writer = try FolderWriter(destination: "\(folder)/m", replacing: false)
      try write(in: writer, maximumShardBytes: 8)
      try writer.finish()
      let names = FileTree.entries(of: "\(folder)/m")
      #expect(
        names == [
          "model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors",
          "model-00003-of-00003.safetensors", "model.safetensors.index.json",
        ])
      let index = try JSONValue(
        parsing: contents("\(folder)/m/model.safetensors.index.json"), file: "index")
      #expect(index["metadata"]?["total_size"]?.int == 20)
      #expect(index["weight_map"]?["b"]?.string == "model-00001-of-00003.safetensors")
      #expect(index["weight_map"]?["c"]?.string == "model-00002-of-00003.safetensors")
      #expect(index["weight_map"]?["d"]?.string == "model-00003-of-00003.safetensors")
    }
  }

  /// Four tensors of 4, 4, 8 and 4 bytes.
  private func write(in folder: FolderWriter, maximumShardBytes: Int) throws {
    let tensors = [("a", 4), ("b", 4), ("c", 8), ("d", 4)].map {
      OutputTensor($0.0, .u8, shape: [$0.1])
    }
    let writer = try ShardedWriter(
      folder: folder, tensors: tensors, maximumShardBytes: maximumShardBytes)
    for (index, tensor) in tensors.enumerated() {
      let bytes = [UInt8](repeating: UInt8(index), count: tensor.byteCount)
      try bytes.withUnsafeBytes { try writer.write($0, tensor: index) }
    }
    try writer.finish()
  }
}
