import Ferry
import FerryDeviceTesting
import Foundation
import Testing

/// `ferry upscale` and `ferry convert` on a tiny network.
@Suite(.enabled(if: Image.pngAbsence == nil, "needs libpng"))
struct UpscaleCommandTests {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("FerryModelsTests/Fixtures/RealESRGAN")

  private static func fixture(_ name: String) -> String {
    fixtures.appendingPathComponent(name).path
  }

  @Test(arguments: TestDevices.available.prefix(2))
  func enlargesAnImage(_ device: Device) throws {
    let folder = try TestFolder()
    let document = try CommandLineProcess([
      "upscale", Self.fixture("compact.safetensors"), Self.fixture("tiny.png"), "-o",
      folder("out.png"), "--device", "\(device)", "--tile", "32", "--json",
    ]).document()
    #expect(document["input"] as? [String: Int] == ["w": 40, "h": 30])
    #expect(document["output"] as? [String: Int] == ["w": 160, "h": 120])
    #expect(document["tiles"] as? Int == 2)
    let seconds = try #require(document["seconds"] as? [String: Double])
    #expect(Set(seconds.keys) == ["load", "upscale"])
    let (result, expected) = (
      try Image(pngAt: folder("out.png")), try Image(pngAt: Self.fixture("compact.png"))
    )
    let differences = zip(result.samples, expected.samples).filter { $0 != $1 }
    #expect(differences.count <= result.samples.count / 100)
    #expect(differences.allSatisfy { abs(Int($0) - Int($1)) == 1 })
    #expect(folder.names == ["out.png"])
  }

  @Test func aScaleBelowTheNetworksIsResized() throws {
    let folder = try TestFolder()
    let document = try CommandLineProcess([
      "upscale", Self.fixture("compact.safetensors"), Self.fixture("tiny.png"), "-o",
      folder("out.png"), "--scale", "3", "--json",
    ]).document()
    #expect(document["output"] as? [String: Int] == ["w": 120, "h": 90])
  }

  /// What ncnn's converter wrote becomes a file of PyTorch's names, with the scale that ncnn resizes to.
  @Test func convertsAnNCNNNetwork() throws {
    let folder = try TestFolder()
    let converted = try CommandLineProcess([
      "convert", Self.fixture("compact-f16-x2.param"), "-o", folder("x2.safetensors"), "--json",
    ]).document()
    #expect((converted["kept"] as? [String])?.contains("body.0.weight") == true)
    for (network, result) in [
      (folder("x2.safetensors"), "one.png"), (Self.fixture("compact-f16-x2.param"), "two.png"),
    ] {
      let process = try CommandLineProcess([
        "upscale", network, Self.fixture("tiny.png"), "-o", folder(result),
      ])
      #expect(process.code == 0, "\(process.errors)")
    }
    let image = try Image(pngAt: folder("one.png"))
    #expect(image.width == 80 && image.height == 60)
    #expect(try image == Image(pngAt: folder("two.png")))
    let inspection = try CommandLineProcess([
      "inspect", Self.fixture("compact-f32.param"), "--json",
    ]).document()
    #expect(inspection["container"] as? String == "ncnn")
  }

  /// Colours, resolution and orientation go along, and so does the kind of samples.
  @Test(arguments: [("annotated", 3, 8), ("annotated-gray16", 1, 16)])
  func whatAPictureSaysOfItselfStays(_ name: String, _ channels: Int, _ bitDepth: Int) throws {
    let folder = try TestFolder()
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("FerryImagesTests/Fixtures/\(name).png")
    let process = try CommandLineProcess([
      "upscale", Self.fixture("compact.safetensors"), source.path, "-o", folder("out.PNG"),
    ])
    #expect(process.code == 0, "\(process.errors)")
    let (image, larger) = (try Image(pngAt: source.path), try Image(pngAt: folder("out.PNG")))
    #expect(larger.metadata.types == image.metadata.types && larger.metadata.types.count == 5)
    #expect(larger.channels == channels && larger.bitDepth == bitDepth)
  }

  /// A PNG file gets no other kind's name; neither does anything else happen.
  @Test(arguments: ["out.jpg", "out", "png", ""])
  func namesOfOtherFilesAreRefused(_ name: String) throws {
    let folder = try TestFolder()
    let path = name.isEmpty ? "" : folder(name)
    let process = try CommandLineProcess([
      "upscale", Self.fixture("compact.safetensors"), Self.fixture("tiny.png"), "-o", path,
    ])
    #expect(process.isFailure(name.isEmpty ? 64 : 1), "\(process.errors)")
    #expect(name.isEmpty || process.errors.contains("does not end in .png"))
    #expect(folder.names.isEmpty)
    let image = try Image(pngAt: Self.fixture("tiny.png"))
    #expect(throws: FerryError.self) { try image.writePNG(to: path) }
    #expect(folder.names.isEmpty)
  }

  @Test func theNetworkMovesAsAnyModel() throws {
    let target = try #require(TestDevices.available.last)
    let process = try CommandLineProcess([
      "move", Self.fixture("dense-x4.safetensors"), "--route", "cpu,\(target),cpu", "--verify",
      "--json",
    ])
    #expect(try process.document()["identical"] as? Bool == true)
  }

  @Test(arguments: [
    ["upscale", "compact.safetensors", "compact.safetensors"], ["upscale", "tiny.png", "tiny.png"],
    ["upscale", "compact.safetensors", "none.png"],
    ["upscale", "compact.safetensors", "tiny.png", "--scale", "5"],
    ["convert", "compact.safetensors"],
  ])
  func whatCannotBeDoneLeavesNothing(_ words: [String]) throws {
    let folder = try TestFolder()
    let files = words.dropFirst().map { $0.contains(".") ? Self.fixture($0) : $0 }
    let process = try CommandLineProcess([words[0]] + files + ["-o", folder("out.png")])
    #expect(process.isFailure(1), "\(process.errors)")
    #expect(folder.names.isEmpty)
  }

  @Test func anInterruptionLeavesNothing() throws {
    let folder = try TestFolder()
    let side = 1000
    let image = Image(
      width: side, height: side, channels: 3, samples: Array(repeating: 90, count: 3 * side * side))
    try image.writePNG(to: folder("in.png"))
    let process = Process()
    process.executableURL = CommandLineProcess.folder.appendingPathComponent("ferry")
    process.arguments = [
      "upscale", Self.fixture("dense-x4.safetensors"), folder("in.png"), "-o", folder("out.png"),
      "--tile", "32",
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    // On this thread: beside tests that keep all others busy, a task that sleeps wakes when it is over.
    while process.isRunning, folder.names.count == 1 { usleep(500) }
    #expect(folder.names.contains { $0.hasPrefix(".out.png") })
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 1)
    #expect(folder.names == ["in.png"])
  }

  @Test func aDestinationThatExistsIsKept() throws {
    let folder = try TestFolder()
    try FileManager.default.copyItem(
      atPath: Self.fixture("picture.png"), toPath: folder("out.png"))
    let mine = try Data(contentsOf: URL(fileURLWithPath: folder("out.png")))
    let arguments = [
      "upscale", Self.fixture("compact.safetensors"), Self.fixture("tiny.png"), "-o",
      folder("out.png"),
    ]
    #expect(try CommandLineProcess(arguments).isFailure(1))
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder("out.png"))) == mine)
    #expect(try CommandLineProcess(arguments + ["--force"]).code == 0)
    #expect(try Image(pngAt: folder("out.png")).width == 160)
  }

  @Test(arguments: [
    ["--tile", "31"], ["--scale", "0"], ["--compute", "f64"], ["--device", "gpu"],
  ])
  func wrongUsageIs64(_ option: [String]) throws {
    let process = try CommandLineProcess(["upscale", "x", "y.png", "-o", "z.png"] + option)
    #expect(process.isFailure(64))
  }

  @Test func theLibraryMovesBetweenImages() async throws {
    let engine = Engine()
    let model = try await engine.loadUpscaler(Self.fixture("dense-x2.safetensors"))
    let image = try Image(pngAt: Self.fixture("tiny.png"))
    let first = try await model.upscale(image)
    try await model.to(try #require(TestDevices.available.last))
    let second = try await model.upscale(image)
    try await model.to(.cpu)
    #expect(try await model.upscale(image).image == first.image)
    let differences = zip(first.image.samples, second.image.samples).filter { $0 != $1 }
    #expect(differences.count <= first.image.samples.count / 100)
    await #expect(throws: FerryError.self) {
      try await model.upscale(image, options: UpscalingOptions(tileSide: 8))
    }
  }
}
