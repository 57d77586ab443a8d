import Foundation
import Testing

@testable import FerryCheckpoints

/// Every way of renaming: by the system's flags, and as file systems without them need it.
private let renamings = [FolderHandle.Renaming.system, .withoutFlags]

@Suite struct DestinationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func error(
    _ path: String, _ kind: Destination.Kind, replacing: Bool = true
  ) -> CheckpointError? {
    #expect(throws: CheckpointError.self) {
      _ = try Destination(path, kind, replacing: replacing)
    }
  }

  @Test(arguments: [Destination.Kind.file, .folder])
  func anEmptyPathIsNoDestination(_ kind: Destination.Kind) {
    #expect(error("", kind)?.code == .unwritable)
  }

  /// Whatever they hold, however they are spelled, and although replacing is asked for.
  @Test(arguments: ["/", "//", "/.", ".", "./", "..", "../.", "./.", "HOME", "HOME/", "HOME/.."])
  func protectedFoldersAreNeverReplaced(_ spelling: String) throws {
    let home = FileManager.default.homeDirectoryForCurrentUser.path
    let path = spelling.replacingOccurrences(of: "HOME", with: home)
    let error = error(path, .folder)
    #expect(error?.code == .exists)
    #expect(error?.message.contains("never replaced") == true)
  }

  @Test func aLinkToAProtectedFolderIsOne() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder("here"), withDestinationPath: FileManager.default.currentDirectoryPath)
    #expect(error(folder("here"), .folder)?.message.contains("current folder") == true)
  }

  @Test(arguments: ["dangling", "dangling/"])
  func aLinkThatLeadsNowhereIsRefusedWithASlashAndWithout(_ name: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder("dangling"), withDestinationPath: "nowhere")
    #expect(error(folder(name), .folder)?.code == .exists)
    #expect(try folder.names() == ["dangling"])
  }

  @Test func whatIsOfAnotherKindIsRefused() throws {
    try folder.write("file", "mine")
    try FileManager.default.createDirectory(
      atPath: folder("folder"), withIntermediateDirectories: false)
    #expect(error(folder("file"), .folder)?.code == .exists)
    #expect(error(folder("folder"), .file)?.code == .exists)
    #expect(error("/dev/null", .file)?.code == .exists)
  }

  @Test func aFolderThatIsMissingIsNamed() {
    for path in ["no/model", "no/.", "no/..", "no/deeper/model"] {
      let message = error(folder(path), .folder)?.message
      #expect(message?.contains("there is no folder") == true, "\(path): \(message ?? "")")
    }
  }

  @Test func replacingFollowsALinkAndKeepsIt() throws {
    let first = try FolderWriter(destination: folder("model"), replacing: false)
    try first.write([1], named: "model.safetensors")
    try first.finish()
    try FileManager.default.createSymbolicLink(
      atPath: folder("link"), withDestinationPath: "model")
    let second = try FolderWriter(destination: folder("link/"), replacing: true)
    try second.write([2], named: "model.safetensors")
    try second.finish()
    #expect(try folder.read("model/model.safetensors") == [2])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder("link")) == "model")
    #expect(try folder.names() == ["link", "model"])
  }

  @Test(arguments: [1, 230, 254, 255]) func namesMayBeAsLongAsTheSystemAllows(_ count: Int) throws {
    for name in [String(repeating: "x", count: count), String(repeating: "é", count: count / 2)]
    where !name.isEmpty {
      let file = try TemporaryFile(destination: folder(name), replacing: false)
      #expect(try folder.names().allSatisfy { Temporary.isTemporary(FileName($0)) })
      try file.finish()
      #expect(try folder.names() == [name])
      try FileManager.default.removeItem(atPath: folder(name))
    }
  }

  @Test func aNameThatIsTooLongIsAnError() throws {
    let name = String(repeating: "x", count: 256)
    #expect(error(folder(name), .file)?.message.contains("shorter") == true)
    #expect(try folder.names().isEmpty)
  }

  // MARK: made meanwhile

  @Test(arguments: renamings)
  func aFileMadeMeanwhileStays(_ renaming: FolderHandle.Renaming) throws {
    let destination = try Destination(
      folder("x"), .file, replacing: false, renaming: renaming)
    do {
      let file = try TemporaryFile(destination)
      try folder.write("x", "precious")
      let error = #expect(throws: CheckpointError.self) { try file.finish() }
      #expect(error?.code == .exists)
    }
    #expect(try folder.read("x") == Array("precious".utf8))
    #expect(try folder.names() == ["x"])
  }

  @Test(arguments: renamings, [true, false])
  func aFolderMadeMeanwhileStays(_ renaming: FolderHandle.Renaming, replacing: Bool) throws {
    let destination = try Destination(
      folder("x"), .folder, replacing: replacing, renaming: renaming)
    do {
      let writer = try FolderWriter(destination)
      try writer.write([1], named: "model.safetensors")
      try FileManager.default.createDirectory(
        atPath: folder("x"), withIntermediateDirectories: false)
      try folder.write("x/thesis.txt", "precious")
      let error = #expect(throws: CheckpointError.self) { try writer.finish() }
      #expect(error?.code == .exists)
      #expect(!replacing || error?.message.contains("thesis.txt") == true)
    }
    #expect(try folder.read("x/thesis.txt") == Array("precious".utf8))
    #expect(try folder.names() == ["x"])
  }

  @Test(arguments: renamings)
  func resultsTakeFreeNamesAndReplaceCheckpoints(_ renaming: FolderHandle.Renaming) throws {
    for round in 1...3 {
      let destination = try Destination(
        folder("x"), .folder, replacing: round > 1, renaming: renaming)
      let writer = try FolderWriter(destination)
      try writer.write([UInt8(round)], named: "model.safetensors")
      try writer.finish()
      #expect(try folder.read("x/model.safetensors") == [UInt8(round)])
      #expect(try folder.names() == ["x"])
    }
    for round in 1...3 {
      let destination = try Destination(
        folder("y"), .file, replacing: round > 1, renaming: renaming)
      let file = try TemporaryFile(destination)
      try [UInt8(round)].withUnsafeBytes { try file.write($0, at: 0) }
      try file.finish()
      #expect(try folder.read("y") == [UInt8(round)])
    }
    #expect(try folder.names() == ["x", "y"])
  }
}

@Suite struct ReplacedCheckpointTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder("old"), withIntermediateDirectories: false)
  }

  /// Replaces "old", which holds `files`, by a checkpoint with a note of its own; the refusal, if any.
  private func replace(_ files: [String: String]) throws -> CheckpointError? {
    for (name, text) in files {
      let path = folder("old/\(name)")
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try folder.write("old/\(name)", text)
    }
    do throws(CheckpointError) {
      let writer = try FolderWriter(destination: folder("old"), replacing: true)
      try writer.write([9], named: "model.safetensors")
      try writer.write(Array("ours".utf8), named: "NOTES.md")
      try writer.checkReplaced()
      try writer.finish()
      return nil
    } catch {
      for (name, text) in files { #expect(try folder.read("old/\(name)") == Array(text.utf8)) }
      return error
    }
  }

  @Test(arguments: [
    [:],
    ["config.json": "{}", "model.safetensors": "w", "tokenizer.json": "{}"],
    [
      "model-00001-of-00002.safetensors": "a", "model-00002-of-00002.safetensors": "b",
      "model.safetensors.index.json": "{}",
    ],
    [
      "model.safetensors": "w", "1_Pooling/config.json": "{}", "2_Dense/model.safetensors": "d",
      "modules.json": #"[{"path": "1_Pooling"}, {"path": "2_Dense"}]"#,
    ],
    ["model.safetensors": "w", "NOTES.md": "ours"],
  ])
  func aCheckpointIsReplaced(_ files: [String: String]) throws {
    #expect(try replace(files) == nil)
    #expect(try folder.names() == ["old"])
    #expect(
      Set(try FileManager.default.contentsOfDirectory(atPath: folder("old"))) == [
        "model.safetensors", "NOTES.md",
      ])
  }

  /// The files, and what the refusal names.
  @Test(arguments: [
    (["config.json": "{}", "model.safetensors": "w", "notes/results.csv": "1"], "notes/"),
    (["config.json": "{}", "model.safetensors": "w", "thesis.txt": "t"], "thesis.txt"),
    (["model.safetensors": "w", "NOTES.md": "mine"], "NOTES.md"),
    (["model.safetensors": "w", "llama.gguf": "g"], "llama.gguf"),
    (["model.safetensors": "w", "other.safetensors": "w"], "other.safetensors"),
    (["model.safetensors": "w", ".git/HEAD": "h"], ".git/"),
    (
      [
        "model.safetensors": "w", "1_Pooling/config.json": "{}", "1_Pooling/mine": "m",
        "modules.json": #"[{"path": "1_Pooling"}]"#,
      ], "1_Pooling/mine"
    ),
    // Only what the checkpoint itself names is its module.
    (
      [
        "model.safetensors": "w", "1_backup/config.json": "{}", "1_backup/model.safetensors": "m",
        "modules.json": #"[{"path": "1_Pooling"}]"#,
      ], "1_backup/"
    ),
    (["model.safetensors": "w", "model-00001-of-00001.safetensors": "w"], "several models"),
    (["config.json": "{}"], "something else than a checkpoint"),
    (["package.json": "{}"], "package.json"),
  ])
  func whatHoldsMoreThanACheckpointStays(_ files: [String: String], named: String) throws {
    let error = try replace(files)
    #expect(error?.code == .exists)
    #expect(error?.message.contains(named) == true, "\(error?.message ?? "replaced")")
    #expect(try folder.names() == ["old"])
  }

  @Test func linksGoAndWhatTheyLeadToStays() throws {
    try folder.write("blob", "bytes")
    try FileManager.default.createSymbolicLink(
      atPath: folder("old/model.safetensors"), withDestinationPath: "../blob")
    #expect(try replace([:]) == nil)
    #expect(try folder.read("blob") == Array("bytes".utf8))
  }
}

@Suite struct TemporaryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func begin() throws { _ = try TemporaryFile(destination: folder("x"), replacing: false) }

  @Test func whatDeadProcessesLeftIsRemovedByTheNextWriter() throws {
    try folder.write(".model.ferry-01234567.part", "half")
    let inner = folder(".other.ferry-abcdefgh.part/1_Pooling")
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    try folder.write(".other.ferry-abcdefgh.part/1_Pooling/config.json", "{}")
    try begin()
    #expect(try folder.names().isEmpty)
  }

  @Test func whatLivingProcessesMakeStays() throws {
    let path = try folder.write(".model.ferry-01234567.part", "half")
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX) == 0)
    try begin()
    #expect(try folder.names() == [".model.ferry-01234567.part"])
  }

  /// Files of others, whatever they are named, and what a fallback put aside.
  @Test(arguments: [
    ".model.123.part", ".model.ferry-0123456.part", ".model.ferry-0123456I.part",
    "model.ferry-01234567.part", ".model.ferry-01234567.old", ".ferry-01234567.part.txt",
  ])
  func whatIsNotOursStays(_ name: String) throws {
    try folder.write(name, "mine")
    try begin()
    #expect(try folder.names() == [name])
  }

  @Test func aLinkNamedLikeATemporaryStays() throws {
    try folder.write("precious", "mine")
    try FileManager.default.createSymbolicLink(
      atPath: folder(".x.ferry-01234567.part"), withDestinationPath: "precious")
    try begin()
    #expect(try folder.read("precious") == Array("mine".utf8))
  }
}
