import FerryDeviceTesting
import Foundation
import Testing

@testable import Ferry

/// A model that is moved, run, saved and copied at random: its bytes never change, and devices end as they began.
@Suite struct ModelWalkTests {
  @Test(
    arguments: [["nf4", "--double-quant"], ["fp4", "--block-size", "32"], ["int8"]],
    [MoveOptions.Mode.release, .retain])
  func bytesNeverChangeAndDevicesEndAsTheyBegan(
    _ format: [String], _ mode: MoveOptions.Mode
  ) async throws {
    let folder = try TestFolder()
    let (tokens, _) = try TinyModel.write(to: folder("model"))
    _ = try CommandLineProcess(
      ["quantize", folder("model"), "-o", folder("q"), "--format"] + format)
    let engine = Engine(backends: TestDevices.backends)
    let before = try engine.bytesInUse()
    do {
      let walk = try await Walk(engine, folder, tokens: tokens, mode: mode)
      var random = Xorshift(seed: UInt64(format.count))
      for step in 0..<24 { try await walk.take(Int(random.next() % 5), number: step, &random) }
      try await walk.model.to(.cpu, options: MoveOptions(mode: mode))
    }
    try engine.mover().trim()
    for device in TestDevices.available {
      let context = try engine.context(for: device)
      try context.drain()
      context.trim()
    }
    #expect(try engine.bytesInUse() == before)
  }

  @Test func aMoveWaitsForAStepAndBothSucceed() async throws {
    let target = try #require(TestDevices.available.last)
    let folder = try TestFolder()
    let (tokens, reference) = try TinyModel.write(to: folder("model"))
    let model = try await Engine(backends: TestDevices.backends).load(
      folder("model"), needsTokenizer: false)
    try await withThrowingTaskGroup(of: [Float]?.self) { group in
      for round in 0..<12 {
        group.addTask { try await model.logits(tokens: tokens) }
        group.addTask {
          try await model.to(round.isMultiple(of: 2) ? target : .cpu)
          return nil
        }
      }
      for try await logits in group.compactMap(\.self) {
        #expect(difference(logits, reference) < 1e-3)
      }
    }
  }
}

/// max|Δ| / max|reference|.
private func difference(_ logits: [Float], _ reference: [Double]) -> Double {
  let scale = reference.map(\.magnitude).max() ?? 1
  return (zip(logits, reference).map { abs(Double($0) - $1) }.max() ?? .infinity) / scale
}

/// One model on its way.
private final class Walk {
  private(set) var model: Model
  private let folder: TestFolder
  private let tokens: [Int]
  private let mode: MoveOptions.Mode
  private let checksums: [UInt64]
  private let logits: [Double]
  private let file: Data

  init(
    _ engine: Engine, _ folder: TestFolder, tokens: [Int], mode: MoveOptions.Mode
  ) async throws {
    model = try await engine.load(folder("q"), needsTokenizer: false)
    (self.folder, self.tokens, self.mode) = (folder, tokens, mode)
    checksums = try await model.weights.checksums()
    logits = try await model.logits(tokens: tokens).map(Double.init)
    file = try Data(contentsOf: URL(fileURLWithPath: folder("q/model.safetensors")))
  }

  func take(_ choice: Int, number: Int, _ random: inout Xorshift) async throws {
    switch choice {
    case 0, 1: try await move(&random)
    case 2: try await forward()
    case 3: try await save("saved-\(number)")
    default: model = try await model.copy()
    }
    #expect(try await model.weights.checksums() == checksums, "step \(number)")
  }

  private func move(_ random: inout Xorshift) async throws {
    let devices = TestDevices.available
    let target = devices[Int(random.next() % UInt64(devices.count))]
    let options = MoveOptions(
      keepingHostCopy: random.next().isMultiple(of: 2), verify: random.next().isMultiple(of: 2),
      mode: mode)
    try await model.to(target, options: options)
    #expect(model.device == target)
  }

  /// LLM.int8 rounds activations, where the last bit of a sum on another device may tip a code.
  private func forward() async throws {
    #expect(difference(try await model.logits(tokens: tokens), logits) < 5e-3)
  }

  private func save(_ name: String) async throws {
    try await model.weights.save(to: folder(name))
    let saved = try Data(contentsOf: URL(fileURLWithPath: folder("\(name)/model.safetensors")))
    #expect(saved == file)
    try FileManager.default.removeItem(atPath: folder(name))
  }
}

/// Random numbers that are the same in every run (Marsaglia's xorshift64).
private struct Xorshift {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state >> 11
  }
}

extension Engine {
  /// The bytes in use on each device.
  fileprivate func bytesInUse() throws -> [Int] {
    try TestDevices.available.map { try context(for: $0).bytesInUse }
  }
}
