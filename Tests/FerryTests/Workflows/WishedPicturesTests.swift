import FerryDeviceTesting
import Foundation
import Testing

@testable import Ferry

/// The workflow in Examples, with the weights that `FERRY_TEST_WEIGHTS` names: what `Scripts/test` fetches.
enum WishedPictures {
  private static let weights = ProcessInfo.processInfo.environment["FERRY_TEST_WEIGHTS"]

  /// Why it cannot be run here; nil where it can.
  static let absence: String? = {
    guard let weights else { return "FERRY_TEST_WEIGHTS names no folder" }
    let names = [
      "all-MiniLM-L6-v2/model.safetensors", "SmolLM2-135M-Instruct.Q4_1.gguf",
      "realesrgan/realesr-animevideov3-x2.param",
    ]
    let missing = names.filter { !FileManager.default.fileExists(atPath: "\(weights)/\($0)") }
    return missing.first.map { "there is no \(weights)/\($0)" } ?? Image.pngAbsence
  }()

  /// Copies the example into a folder, and puts its models beside it as the README says.
  static func write(to folder: TestFolder) throws {
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Examples/WishedPictures").path
    let files = FileManager.default
    for name in ["workflow.yaml", "pictures"] {
      try files.copyItem(atPath: "\(source)/\(name)", toPath: folder(name))
    }
    try files.createDirectory(atPath: folder("weights"), withIntermediateDirectories: true)
    let weights = try #require(weights)
    for name in ["all-MiniLM-L6-v2", "realesrgan"] {
      try files.createSymbolicLink(
        atPath: folder("weights/\(name)"), withDestinationPath: "\(weights)/\(name)")
    }
    try SmolLM2.quantize(["nf4"], to: folder("weights/smollm2-nf4"))
  }
}

@Suite(
  .enabled(if: WishedPictures.absence == nil, "\(WishedPictures.absence ?? "")"), .serialized)
struct WishedPicturesTests {
  /// On PoCL as it stands in the file, where there is a second device, and on the CPU.
  @Test(arguments: TestDevices.available.prefix(2))
  func threeModelsShareWhatDoesNotHoldThem(_ device: Device) async throws {
    let folder = try TestFolder()
    try WishedPictures.write(to: folder)
    let workflow = try Workflow(contentsOf: folder("workflow.yaml"))
    let engine = Engine(backends: TestDevices.backends)
    let context = try engine.context(for: device)
    let (texts, pictures) = try await workflow.resultsWithoutPool(engine, on: device)
    try context.drain()
    context.trim()
    let before = context.bytesInUse
    let report = try await engine.run(workflow, options: RunOptions(device: device))
    try context.drain()
    context.trim()
    #expect(context.bytesInUse == before)

    #expect(report.outcomes.map { texts[$0.item][$0.stage] } == report.outcomes.map(\.text))
    #expect(
      report.outcomes.filter { $0.stage == "subject" }.map(\.text) == [
        "harbour", "mountain", "night",
      ])
    let made = try report.outcomes.filter(\.isImage).map { try Image(pngAt: $0.text) }
    #expect(made == pictures && made.allSatisfy { $0.width == 192 && $0.height == 128 })

    let sum = report.models.reduce(0) { $0 + $1.byteCount }
    print(
      "\(device): \(report.bytesMoved) bytes moved, the bound is \(report.lowerBound), of \(sum) in \(report.budget); "
        + report.models.map { "\($0.name) \($0.loads) loads" }.joined(separator: ", "))
    #expect(report.budget < sum && report.peakBytes <= report.budget)
    let ratio = Double(report.bytesMoved) / Double(report.lowerBound)
    #expect(ratio >= 1 && ratio <= 1.05)
  }

  @Test func theCommandRunsTheExample() throws {
    let folder = try TestFolder()
    try WishedPictures.write(to: folder)
    let device = try #require(TestDevices.available.prefix(2).last)
    let document = try CommandLineProcess([
      "run", folder("workflow.yaml"), "--device", "\(device)", "--timeline", folder("run.svg"),
      "--json",
    ]).document()
    #expect((document["results"] as? [Any])?.count == 9)
    for name in ["anna", "ben", "clara"] {
      #expect(try Image(pngAt: folder("\(name).png")).width == 192)
    }
    #expect(try String(contentsOfFile: folder("run.svg"), encoding: .utf8).hasPrefix("<svg"))
  }
}
