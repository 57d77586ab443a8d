import FerryFormats
import Foundation
import Testing

@testable import Ferry
@testable import FerryOperations

/// How a command computes: the type of activations, threads, and drivers that are asked when needed.
@Suite struct ComputeOptionsTests {
  @Test func quantizedWeightsTakeBF16WhereTheProcessorMultipliesIt() async throws {
    let folder = try TestFolder()
    let (tokens, _) = try TinyModel.write(to: folder("model"))
    _ = try CommandLineProcess(
      ["quantize", folder("model"), "-o", folder("q"), "--format", "nf4"])
    _ = try CommandLineProcess(["dequantize", folder("q"), "-o", folder("f32"), "--dtype", "f32"])
    let engine = Engine(threads: 1)
    let long = try await engine.load(folder("f32"), needsTokenizer: false)
    let quantized = try await engine.load(folder("q"), needsTokenizer: false)
    let isNative = InstructionLevel.highest == .avx512Dot
    #expect(try long.suitableActivations == .f32)
    #expect(try quantized.suitableActivations == (isNative ? .bf16 : .f32))
    // Logits stay in f32 unless somebody asks.
    let logits = try await quantized.logits(tokens: tokens)
    let exact = try await quantized.logits(tokens: tokens, activations: .f32)
    #expect(logits == exact)
  }

  @Test func logitsDoNotDependOnTheThreads() throws {
    let folder = try TestFolder()
    let (tokens, _) = try TinyModel.write(to: folder("model"))
    let list = tokens.map(String.init).joined(separator: ",")
    let outputs = try ["1", "3"].map { threads in
      try CommandLineProcess(
        ["logits", folder("model"), "--tokens", list, "--json", "--threads", threads]
      ).output
    }
    #expect(!outputs[0].isEmpty && outputs[0] == outputs[1])
  }

  @Test(arguments: [["--threads", "0"], ["--threads", "two"], ["--compute", "f64"]])
  func whatCannotBeMeantIsAMistakeOfUsage(_ option: [String]) throws {
    #expect(try CommandLineProcess(["generate", "nowhere", "Hello"] + option).code == 64)
  }

  @Test func driversAreAskedForWhatTheHostDoesNotHave() throws {
    let drivers = Drivers()
    #expect(drivers.backend(of: .cpu) != nil)
    #expect(drivers.asked.isEmpty)
    #expect(drivers.backend(of: .cuda(77)) == nil)
    #expect(drivers.asked.first?.device == .cpu)
  }
}
