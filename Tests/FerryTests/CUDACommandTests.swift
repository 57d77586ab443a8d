import Foundation
import Testing

/// The commands on cuda:0, as a user runs them: a process that loads the driver double in the driver's place.
@Suite struct CUDACommandTests {
  private let folder: TestFolder
  private let tokens: String
  private let driver: TestFolder

  init() throws {
    folder = try TestFolder()
    tokens = try TinyModel.write(to: folder("model")).tokens.map(String.init).joined(separator: ",")
    driver = try TestFolder()
    try FileManager.default.createSymbolicLink(
      atPath: driver("libcuda.so.1"),
      withDestinationPath: CommandLineProcess.folder.appendingPathComponent(
        "libFerryDriverDoubleLibrary.so"
      ).path)
  }

  /// Runs `ferry` on the double; `machine` are variables of the double's without `FERRY_DOUBLE_`.
  private func ferry(
    _ arguments: [String], on machine: [String: String] = [:]
  ) throws -> CommandLineProcess {
    let variables = machine.map { ("FERRY_DOUBLE_\($0)", $1) }
    return try CommandLineProcess(
      arguments,
      environment: Dictionary(uniqueKeysWithValues: variables + [("LD_LIBRARY_PATH", driver.path)]))
  }

  private func logits(_ model: String, _ device: String, _ compute: String) throws -> [Double] {
    let process = try ferry([
      "logits", folder(model), "--tokens", tokens, "--json", "--device", device, "--compute",
      compute,
    ])
    #expect(process.errors.isEmpty)
    return try #require(process.document()["logits"] as? [Double])
  }

  @Test func devicesAreListedWithWhatTheDriverTells() throws {
    let machine = ["DEVICES": "2", "MEMORY": "\(256 << 20)"]
    let process = try ferry(["devices", "--json"], on: machine)
    let devices = try #require(process.document()["devices"] as? [[String: Any]])
    let found = devices.filter { ($0["id"] as? String)?.hasPrefix("cuda:") == true }
    #expect(found.compactMap { $0["id"] as? String } == ["cuda:0", "cuda:1"])
    for device in found {
      #expect(device["name"] as? String == "Driver Double")
      #expect(device["architecture"] as? String == "sm_90")
      #expect(device["totalBytes"] as? Int == 256 << 20)
      #expect(device["freeBytes"] as? Int == 224 << 20)
      #expect((device["driver"] as? String)?.contains("CUDA 12.4") == true)
      #expect(device["link"] is NSNull)
    }
    let text = try ferry(["devices"], on: machine)
    #expect(text.output.contains("cuda:1     Driver Double") && text.output.contains("sm_90"))
    #expect(text.errors.isEmpty && process.errors.isEmpty)
  }

  @Test func aMachineWithoutDevicesIsAReason() throws {
    let document = try ferry(["devices", "--json"], on: ["DEVICES": "0"]).document()
    let absent = try #require(document["absent"] as? [[String: String]])
    let reason = absent.first { $0["backend"] == "cuda" }?["reason"]
    #expect(reason?.contains("no device") == true)
  }

  @Test(arguments: ["nf4", "fp4", "int8"]) func weightsAreQuantizedToTheSameBytes(
    _ format: String
  ) throws {
    for device in ["cpu", "cuda:0"] {
      let process = try ferry([
        "quantize", folder("model"), "-o", folder(device), "--format", format, "--device", device,
      ])
      #expect(process.code == 0 && process.errors.isEmpty, "\(process.errors)")
    }
    let files = try ["cpu", "cuda:0"].map {
      try Data(contentsOf: URL(fileURLWithPath: folder("\($0)/model.safetensors")))
    }
    #expect(files[0] == files[1])
  }

  @Test(arguments: [false, true]) func aModelMovesThereAndBackBitForBit(
    _ dropsHostCopy: Bool
  ) throws {
    _ = try ferry([
      "quantize", folder("model"), "-o", folder("q"), "--format", "nf4", "--double-quant",
    ])
    let process = try ferry(
      [
        "move", folder("q"), "--route", "cpu,cuda:0,cuda:1,cpu", "--verify", "--repeat", "2",
        "--json",
      ] + (dropsHostCopy ? ["--drop-host-copy"] : []))
    let document = try process.document()
    #expect(document["identical"] as? Bool == true && process.errors.isEmpty)
    let hops = try #require(document["hops"] as? [[String: Any]])
    #expect(
      hops.compactMap { $0["to"] as? String } == ["cuda:0", "cuda:1", "cpu"] + [
        "cuda:0", "cuda:1", "cpu",
      ])
    #expect(Set(hops.compactMap { $0["checksum"] as? String }).count == 1)
    let last = try #require(hops.last?["source"] as? [String: Int])
    #expect(last["bytesAfter"] == 0)
    #expect(try #require(hops[0]["bytes"] as? Int) > 0)
    #expect((hops[2]["bytes"] as? Int == 0) == !dropsHostCopy)
  }

  @Test(arguments: ["f32", "bf16"]) func logitsAreThoseOfTheHost(_ compute: String) throws {
    for format in ["nf4", "int8"] {
      _ = try ferry(["quantize", folder("model"), "-o", folder(format), "--format", format])
    }
    for model in ["model", "nf4", "int8"] {
      let (host, device) = (
        try logits(model, "cpu", compute), try logits(model, "cuda:0", compute)
      )
      let scale = host.map(\.magnitude).max() ?? 1
      let error = zip(host, device).map { abs($0 - $1) }.max() ?? 1
      #expect(error / scale < (compute == "f32" ? 5e-3 : 0.05), "\(model)")
    }
  }

  @Test(arguments: [
    ["--temperature", "0"], ["--temperature", "1.5", "--top-k", "40", "--seed", "7"],
  ])
  func theSameTextIsGenerated(_ sampling: [String]) throws {
    let answers = try ["cpu", "cuda:0"].map { device in
      let process = try ferry(
        [
          "generate", folder("model"), "hello there", "--raw", "--max-tokens", "24", "--json",
          "--device", device,
        ] + sampling)
      #expect(process.errors.isEmpty)
      return try process.document()
    }
    let tokens = answers.compactMap { $0["tokens"] as? [Int] }
    #expect(tokens.count == 2 && tokens[0] == tokens[1] && tokens[0].count > 1)
    #expect(answers[0]["text"] as? String == answers[1]["text"] as? String)
  }

  @Test func anAbsentDeviceIsAFailureThatSaysWhatThereIs() throws {
    for command in [
      ["logits", folder("model"), "--tokens", "1", "--device", "cuda:7"],
      ["move", folder("model"), "--route", "cpu,cuda:7"],
      ["quantize", folder("model"), "-o", folder("q"), "--format", "nf4", "--device", "cuda:7"],
    ] {
      let process = try ferry(command)
      #expect(process.isFailure(1))
      #expect(process.errors.contains("cuda:7") && process.errors.contains("cuda:0"))
    }
    #expect(folder.names == ["model"])
  }

  /// The context takes 32 MiB, and what is left is no room for the weights or their link's measure.
  @Test func aFullDeviceIsAFailureWithItsRemedy() throws {
    for command in [
      ["logits", folder("model"), "--tokens", "1", "--device", "cuda:0"],
      ["move", folder("model"), "--route", "cpu,cuda:0"],
    ] {
      let process = try ferry(command, on: ["MEMORY": "\(33 << 20)"])
      #expect(process.isFailure(1))
      #expect(process.errors.contains("cuda:0 has no room left: park or release something on it"))
    }
  }

  @Test func aLostDeviceIsAFailure() throws {
    let process = try ferry(
      ["move", folder("model"), "--route", "cpu,cuda:0", "--verify"],
      on: ["FAIL": "LaunchKernel:1:719"])
    #expect(process.isFailure(1))
    #expect(process.errors.contains("cuda:0 stopped answering"))
  }

  @Test func whatTheDriverDoesNotTakeBackIsAWarning() throws {
    let process = try ferry(
      ["move", folder("model"), "--route", "cpu,cuda:0,cpu", "--verify", "--json"],
      on: ["FAIL": "MemUnmap:1:999"])
    #expect(process.code == 0)
    #expect(try process.document()["identical"] as? Bool == true)
    #expect(process.errors.hasPrefix("ferry: warning: cuda:0 did not take back mapped memory"))
    #expect(process.errors.filter(\.isNewline).count == 1)
  }
}
