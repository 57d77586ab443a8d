import Ferry
import Foundation
import Testing

/// What becomes of everything beside the weights of a folder.
@Suite struct CompanionFileTests {
  private let folder: TestFolder

  init() throws {
    folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
  }

  private func write(_ name: String, _ text: String = "x") throws {
    let path = folder("model/\(name)")
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  private func quantize(_ options: [String] = []) throws -> CommandLineProcess {
    try CommandLineProcess(
      ["quantize", folder("model"), "-o", folder("q"), "--format", "nf4"] + options)
  }

  private func leftOut() throws -> [String] {
    let document = try quantize(["--json", "--force"]).document()
    return try #require(document["leftOut"] as? [String])
  }

  /// What the result refers to is in the result: a module of sentence-transformers has weights of its own.
  @Test func weightsOfModulesAreCopiedByteForByte() throws {
    try write(
      "modules.json",
      #"[{"path": ""}, {"path": "1_Pooling"}, {"path": "2_Dense"}, {"path": "3_Dense"}]"#)
    try write("1_Pooling/config.json", "{}")
    try write("2_Dense/config.json", "{}")
    try write("2_Dense/model.safetensors", "dense")
    try write("3_Dense/pytorch_model.bin", "another")
    #expect(try leftOut().isEmpty)
    for (name, text) in [
      "2_Dense/model.safetensors": "dense", "3_Dense/pytorch_model.bin": "another",
      "1_Pooling/config.json": "{}",
    ] {
      #expect(try String(contentsOfFile: folder("q/\(name)"), encoding: .utf8) == text)
    }
  }

  /// The same weights in another format, and what is not a model's at all.
  @Test func whatIsNotCopiedIsSaid() throws {
    try write("onnx/model.onnx")
    try write("onnx/config.json", "{}")
    try write("pytorch_model.bin")
    try write(".git/HEAD")
    try write("notes.txt")
    try FileManager.default.createSymbolicLink(
      atPath: folder("model/up"), withDestinationPath: "..")
    try FileManager.default.createSymbolicLink(
      atPath: folder("model/gone"), withDestinationPath: "nowhere")
    #expect(mkfifo(folder("model/pipe"), 0o644) == 0)
    #expect(
      try leftOut() == [".git", "gone", "onnx/model.onnx", "pipe", "pytorch_model.bin", "up"])
    let inside = Set(try FileManager.default.subpathsOfDirectory(atPath: folder("q")))
    #expect(
      inside == [
        "config.json", "generation_config.json", "tokenizer.json", "model.safetensors",
        "notes.txt", "onnx", "onnx/config.json",
      ])
    let shown = try quantize(["--force"]).output
    #expect(shown.contains("not copied: .git, gone, onnx/model.onnx"), "\(shown)")
  }

  @Test func aNameThatIsNotUTF8IsAnError() throws {
    let file = open(folder("model"), O_RDONLY | O_DIRECTORY)
    let name: [CChar] = [CChar(bitPattern: 0xc3), 0]
    close(openat(file, name, O_CREAT | O_WRONLY, 0o644))
    close(file)
    let process = try quantize()
    #expect(process.isFailure(1) && process.errors.contains("UTF-8"), "\(process)")
    #expect(folder.names == ["model"])
  }

  @Test(
    .enabled(
      if: geteuid() == 0 && access("/usr/bin/setpriv", X_OK) == 0,
      "becoming another user needs root and setpriv"))
  func aFolderThatCannotBeReadIsAnError() throws {
    try write("1_Pooling/config.json", "{}")
    for name in ["", "model", "model/1_Pooling"] { chmod(folder(name), 0o755) }
    chmod(folder("."), 0o777)
    chmod(folder("model/1_Pooling"), 0)
    let program = CommandLineProcess.folder.appendingPathComponent("ferry").path
    let process = try CommandLineProcess(
      [
        "--reuid=65534", "--regid=65534", "--clear-groups", program, "quantize", folder("model"),
        "-o", folder("q"), "--format", "nf4",
      ], program: "/usr/bin/setpriv")
    #expect(process.isFailure(1) && process.errors.contains("1_Pooling"), "\(process)")
    #expect(folder.names == ["model"])
  }
}
