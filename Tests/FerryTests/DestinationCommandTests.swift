import Ferry
import Foundation
import Testing

/// A command that writes: its words up to the option that names the destination.
private struct WritingCommand: CustomTestStringConvertible, Sendable {
  enum Result { case file, folder }
  let testDescription: String
  let words: [String]
  /// The option whose value is the destination.
  var option = "-o"
  let result: Result
  /// What the name of a result ends in.
  let ending: String

  /// All of them, over the sources that ``Box`` holds.
  static let all = [
    WritingCommand(
      testDescription: "quantize FOLDER", words: ["quantize", "model", "--format", "nf4"],
      result: .folder, ending: ""),
    WritingCommand(
      testDescription: "quantize GGUF", words: ["quantize", "llama.gguf", "--format", "int8"],
      result: .folder, ending: ""),
    WritingCommand(
      testDescription: "quantize FILE",
      words: ["quantize", "model/model.safetensors", "--format", "nf4", "--all"],
      result: .file, ending: ".safetensors"),
    WritingCommand(
      testDescription: "dequantize GGUF", words: ["dequantize", "llama.gguf", "--dtype", "bf16"],
      result: .folder, ending: ""),
    WritingCommand(
      testDescription: "convert", words: ["convert", "compact-f32.param"], result: .file,
      ending: ".safetensors"),
    WritingCommand(
      testDescription: "upscale", words: ["upscale", "compact.safetensors", "tiny.png"],
      result: .file, ending: ".png"),
    WritingCommand(
      testDescription: "run --trace", words: ["run", "workflow.yaml"], option: "--trace",
      result: .file, ending: ".json"),
    WritingCommand(
      testDescription: "run --timeline", words: ["run", "workflow.yaml"], option: "--timeline",
      result: .file, ending: ".svg"),
  ]
}

/// A folder with sources, and a project in it that is the current folder.
private struct Box: Sendable {
  let folder = try? TestFolder()
  var path: String { folder?.path ?? "" }
  var project: String { "\(path)/home/project" }

  init() throws {
    let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("FerryModelsTests/Fixtures")
    let files = FileManager.default
    for inner in ["home/project/sub", "sources"] {
      try files.createDirectory(atPath: "\(path)/\(inner)", withIntermediateDirectories: true)
    }
    _ = try TinyModel.write(to: "\(path)/sources/model")
    try files.copyItem(atPath: TinyModel.gguf, toPath: "\(path)/sources/llama.gguf")
    for name in ["compact-f32.param", "compact-f32.bin", "compact.safetensors", "tiny.png"] {
      try files.copyItem(
        atPath: fixtures.appendingPathComponent("RealESRGAN/\(name)").path,
        toPath: "\(path)/sources/\(name)")
    }
    try """
    models: {writer: model}
    stages: [{name: line, model: writer, generate: {prompt: a, max-tokens: 1, raw: true}}]
    """.write(toFile: "\(path)/sources/workflow.yaml", atomically: true, encoding: .utf8)
    for name in ["home/project/thesis.txt", "home/project/sub/data.csv", "home/diary.txt"] {
      try "precious".write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
    }
  }

  /// Runs the command towards `destination`, in the project, with the home folder above it.
  func run(_ command: WritingCommand, to destination: String, force: Bool) throws
    -> CommandLineProcess
  {
    var words = command.words
    let sources = command.words[0] == "upscale" ? 1...2 : 1...1
    for index in sources { words[index] = "\(path)/sources/\(words[index])" }
    return try CommandLineProcess(
      words + [command.option, destination] + (force ? ["--force"] : []),
      environment: ["HOME": "\(path)/home"], currentFolder: project)
  }

  /// Every file's bytes and every link's target, by path.
  var contents: [String: Data] {
    var contents: [String: Data] = [:]
    for name in FileManager.default.enumerator(atPath: path)?.compactMap({ $0 as? String }) ?? [] {
      let inner = "\(path)/\(name)"
      let link = try? FileManager.default.destinationOfSymbolicLink(atPath: inner)
      contents[name] =
        link.map { Data("-> \($0)".utf8) } ?? FileManager.default.contents(atPath: inner) ?? Data()
    }
    return contents
  }
}

/// A destination at which nothing may be lost: what is made before, the path, and the exit code.
private struct Place: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let path: String
  var code: Int32 = 1
  var prepare: @Sendable (_ project: String) throws -> Void = { _ in }

  private static func link(_ name: String, _ target: String) -> @Sendable (String) throws -> Void {
    {
      try FileManager.default.createSymbolicLink(
        atPath: "\($0)/\(name)", withDestinationPath: target)
    }
  }

  static let refused = [
    Place(testDescription: "empty", path: "", code: 64),
    Place(testDescription: "the current folder", path: "."),
    Place(testDescription: "the folder above", path: ".."),
    Place(testDescription: "the root", path: "/"),
    Place(testDescription: "the home folder", path: "../../home"),
    Place(testDescription: "a folder of other things", path: "sub"),
    Place(
      testDescription: "a link to the current folder", path: "here", prepare: link("here", ".")),
    Place(testDescription: "a link to a folder", path: "link", prepare: link("link", "sub")),
    Place(testDescription: "a dangling link", path: "away", prepare: link("away", "nowhere")),
    Place(testDescription: "a dangling link/", path: "away/", prepare: link("away", "nowhere")),
    Place(testDescription: "a circle of links", path: "circle", prepare: link("circle", "circle")),
    Place(testDescription: "in no folder", path: "none/x"),
    Place(testDescription: "in no folder, a dot", path: "none/."),
    Place(testDescription: "in a file", path: "thesis.txt/x"),
    Place(testDescription: "where nothing can be made", path: "/proc/self/x"),
    Place(testDescription: "a device", path: "/dev/full"),
    Place(testDescription: "256 bytes", path: String(repeating: "x", count: 256)),
  ]
}

@Suite(.enabled(if: Image.pngAbsence == nil, "needs libpng")) struct DestinationCommandTests {
  /// With `--force`, too: what was there before is there afterwards, and nothing else.
  @Test(arguments: WritingCommand.all) fileprivate func nothingIsLost(_ command: WritingCommand)
    throws
  {
    for place in Place.refused {
      let box = try Box()
      try place.prepare(box.project)
      let before = box.contents
      // The ending that the command asks for, except where the name itself is tried.
      let isName = place.path.contains("x") && place.path.count < 200
      let path = place.path + (isName ? command.ending : "")
      for force in [false, true] {
        let process = try box.run(command, to: path, force: force)
        #expect(
          process.isFailure(place.code), "\(place.testDescription), force \(force): \(process)")
        #expect(box.contents == before, "\(place.testDescription), force \(force)")
      }
    }
  }

  @Test(arguments: WritingCommand.all)
  fileprivate func aResultThatExistsNeedsForce(_ command: WritingCommand) throws {
    let box = try Box()
    let path = "result\(command.ending)"
    let before = box.contents
    let first = try box.run(command, to: path, force: false)
    #expect(first.code == 0, "\(first)")
    let written = box.contents
    #expect(try box.run(command, to: path, force: false).isFailure(1))
    #expect(box.contents == written)
    #expect(try box.run(command, to: path, force: true).code == 0)
    #expect(Set(box.contents.keys) == Set(written.keys))
    for (name, bytes) in before { #expect(written[name] == bytes, "\(name)") }
  }

  /// With force: what the result is made of stays, a module's folder too.
  @Test func aPartOfTheSourceStays() throws {
    let box = try Box()
    let model = "\(box.path)/sources/model"
    try FileManager.default.createDirectory(
      atPath: "\(model)/2_Dense", withIntermediateDirectories: false)
    for (name, text) in [
      "modules.json": #"[{"path": ""}, {"path": "2_Dense/"}]"#, "2_Dense/config.json": "{}",
      "2_Dense/model.safetensors": "dense",
    ] {
      try text.write(toFile: "\(model)/\(name)", atomically: true, encoding: .utf8)
    }
    let before = box.contents
    for path in ["../../sources/model/2_Dense", "../../sources/model", "../../sources"] {
      let process = try box.run(WritingCommand.all[0], to: path, force: true)
      #expect(process.isFailure(1), "\(path): \(process)")
      #expect(box.contents == before, "\(path)")
    }
    let process = try box.run(WritingCommand.all[0], to: "q", force: false)
    #expect(process.code == 0)
    let dense = try String(
      contentsOfFile: "\(box.project)/q/2_Dense/model.safetensors", encoding: .utf8)
    #expect(dense == "dense")
  }

  /// By another mount the source has another path, and is the same.
  @Test(.enabled(if: geteuid() == 0, "mounting needs root")) func aSourceBehindAMountStays() throws
  {
    let box = try Box()
    let program = CommandLineProcess.folder.appendingPathComponent("ferry").path
    let before = box.contents
    for (source, destination) in [
      ("model", "sub/model"), ("model/model.safetensors", "sub/model/model.safetensors"),
    ] {
      let shell = try CommandLineProcess(
        [
          "-m", "sh", "-c",
          """
          mount --bind '\(box.path)/sources' '\(box.project)/sub' || exit 77
          exec '\(program)' quantize '\(box.path)/sources/\(source)' -o '\(box.project)/\(destination)' \
            --format nf4 --all --force
          """,
        ], program: "/usr/bin/unshare")
      guard shell.code != 77, !shell.errors.contains("unshare") else { return }
      #expect(shell.isFailure(1) && shell.errors.contains("source itself"), "\(shell)")
      #expect(box.contents == before)
    }
  }

  /// With force: a file of another sort stays, and so does what the command reads.
  @Test(arguments: WritingCommand.all.filter { $0.result == .file })
  fileprivate func aFileOfAnotherSortStays(_ command: WritingCommand) throws {
    let box = try Box()
    for text in ["precious", "models: {}", "{\"model_type\": \"llama\"}", "%PDF-1.7"] {
      try text.write(
        toFile: "\(box.project)/other\(command.ending)", atomically: true, encoding: .utf8)
      let before = box.contents
      let process = try box.run(command, to: "other\(command.ending)", force: true)
      #expect(process.isFailure(1) && process.errors.contains("is not a"), "\(process)")
      #expect(box.contents == before)
    }
    let before = box.contents
    for name in ["tiny.png", "workflow.yaml", "model/config.json", "model/model.safetensors"]
    where command.words[0] != "convert" || !name.hasSuffix(".safetensors") {
      let process = try box.run(command, to: "../../sources/\(name)", force: true)
      #expect(process.isFailure(1), "\(name): \(process)")
      #expect(box.contents == before, "\(name)")
    }
  }

  /// The longest name there is, and one that is a byte shorter than a temporary's addition would allow.
  @Test(arguments: WritingCommand.all, [255, 245])
  fileprivate func longNamesAreWritten(_ command: WritingCommand, count: Int) throws {
    let box = try Box()
    let name = String(repeating: "n", count: count - command.ending.count) + command.ending
    #expect(try box.run(command, to: name, force: false).code == 0)
    let entries = try FileManager.default.contentsOfDirectory(atPath: box.project)
    #expect(Set(entries) == ["thesis.txt", "sub", name])
  }

  @Test(arguments: WritingCommand.all)
  fileprivate func anotherFileSystemIsWrittenTo(_ command: WritingCommand) throws {
    let box = try Box()
    let shared = "/dev/shm/ferry-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: shared, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: shared) }
    let process = try box.run(command, to: "\(shared)/result\(command.ending)", force: true)
    #expect(process.code == 0, "\(process)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: shared) == ["result\(command.ending)"])
  }

  /// As text it would be the name of another file.
  @Test func aPathThatIsNotUTF8IsAUsageError() throws {
    let box = try Box()
    let before = box.contents
    let program = CommandLineProcess.folder.appendingPathComponent("ferry").path
    let shell = Process()
    let errors = Pipe()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = [
      "-c",
      "'\(program)' quantize '\(box.path)/sources/model' -o \"$(printf 'q\\377')\" --format nf4",
    ]
    shell.currentDirectoryURL = URL(fileURLWithPath: box.project)
    shell.standardError = errors
    try shell.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 64 && text.contains("not UTF-8"), "\(text)")
    #expect(box.contents == before)
  }

  /// Without force one of them has the name and the other fails; with it, each leaves a whole result.
  @Test(arguments: [false, true]) func twoProcessesLeaveWholeResults(force: Bool) async throws {
    let command = WritingCommand.all[0]
    func result(_ name: String, in box: Box) throws -> [String: Data?] {
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(box.project)/\(name)")
      return Dictionary(
        uniqueKeysWithValues: names.map {
          ($0, FileManager.default.contents(atPath: "\(box.project)/\(name)/\($0)"))
        })
    }
    for _ in 0..<8 {
      let box = try Box()
      #expect(try box.run(command, to: "alone", force: false).code == 0)
      let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
        for _ in 0..<2 {
          group.addTask { try box.run(command, to: "q", force: force).code }
        }
        return try await group.reduce(into: []) { $0.append($1) }.sorted()
      }
      #expect(codes == (force ? [0, 0] : [0, 1]))
      #expect(try result("q", in: box) == result("alone", in: box))
      let entries = try FileManager.default.contentsOfDirectory(atPath: box.project)
      #expect(Set(entries) == ["thesis.txt", "sub", "alone", "q"])
    }
  }

  /// Whoever makes the destination while Ferry computes keeps what is in it.
  @Test(arguments: [false, true]) func aDestinationMadeMeanwhileStays(force: Bool) async throws {
    let box = try Box()
    let destination = "\(box.project)/q"
    let options = QuantizationOptions(
      format: .int8Rows, replacesDestination: force)
    await #expect(throws: (any Error).self) {
      _ = try await Engine().quantize(
        "\(box.path)/sources/model", to: destination, options: options
      ) { _ in
        try? FileManager.default.createDirectory(
          atPath: destination, withIntermediateDirectories: false)
        try? "precious".write(
          toFile: "\(destination)/thesis.txt", atomically: true, encoding: .utf8)
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: destination) == ["thesis.txt"])
    #expect(try String(contentsOfFile: "\(destination)/thesis.txt", encoding: .utf8) == "precious")
    let entries = try FileManager.default.contentsOfDirectory(atPath: box.project)
    #expect(Set(entries) == ["thesis.txt", "sub", "q"])
  }

  /// The same for results that appear at the end of a run or of an enlargement.
  @Test func filesMadeMeanwhileStay() throws {
    let box = try Box()
    let (text, picture) = ("\(box.project)/run.json", "\(box.project)/out.png")
    let record = try TextDestination(text, .trace)
    let image = try PNGDestination(picture)
    for path in [text, picture] {
      try "precious".write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(throws: (any Error).self) { try record.write("{}") }
    let pixels = try Image(pngAt: "\(box.path)/sources/tiny.png")
    #expect(throws: (any Error).self) { try image.write(pixels) }
    for path in [text, picture] {
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }
  }

  @Test func savedWeightsReplaceACheckpointAndNothingElse() async throws {
    let box = try Box()
    let weights = try await Engine().load(
      "\(box.path)/sources/model", needsTokenizer: false
    ).weights
    for path in ["", ".", "..", "/", "\(box.project)/sub", box.project] {
      let before = box.contents
      await #expect(throws: (any Error).self, "\(path)") {
        try await weights.save(to: path, replacingDestination: true)
      }
      #expect(box.contents == before)
    }
    for force in [false, true] {
      try await weights.save(to: "\(box.project)/q", replacingDestination: force)
    }
    let saved = FileManager.default.contents(atPath: "\(box.project)/q/config.json")
    #expect(saved != nil)
  }

  /// A disk that fills up: a small file system of memory, where the tests may mount one.
  @Test(.enabled(if: geteuid() == 0, "mounting needs root")) func aFullDiskLeavesNothing() throws {
    let box = try Box()
    let program = CommandLineProcess.folder.appendingPathComponent("ferry").path
    let shell = try CommandLineProcess(
      [
        "-m", "sh", "-c",
        """
        mount -t tmpfs -o size=40k tmpfs '\(box.project)/sub' || exit 77
        '\(program)' quantize '\(box.path)/sources/model' -o '\(box.project)/sub/q' --format nf4
        code=$?; ls -A '\(box.project)/sub'; exit $code
        """,
      ], program: "/usr/bin/unshare")
    guard shell.code != 77, !shell.errors.contains("unshare") else { return }
    #expect(shell.isFailure(1) && shell.errors.contains("free some space"), "\(shell)")
  }
}
