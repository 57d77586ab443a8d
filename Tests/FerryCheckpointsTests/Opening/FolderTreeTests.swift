import Foundation
import Testing

@testable import FerryCheckpoints

@Suite struct FolderTreeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func make(_ names: [String]) throws {
    for name in names {
      let path = folder(name)
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try folder.write(name, "x")
    }
  }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder(name), withDestinationPath: target)
  }

  private func entries(of name: String) throws -> [String: FolderTree.Entry.Kind] {
    Dictionary(
      uniqueKeysWithValues: try FolderTree(folder(name)).entries.map { ($0.path, $0.kind) })
  }

  @Test func listsFilesAndFoldersWithin() throws {
    try make(["m/config.json", "m/a/b/c"])
    #expect(
      try entries(of: "m") == [
        "config.json": .file, "a": .folder, "a/b": .folder, "a/b/c": .file,
      ])
  }

  /// A cache of downloads is made of links to files elsewhere.
  @Test func linksToFilesAreFilesWhereverTheyLead() throws {
    try make(["blob", "m/config.json"])
    try link("m/weights", to: "../blob")
    #expect(try entries(of: "m")["weights"] == .file)
  }

  @Test func linksThatLeadAboveOrElsewhereAreNotFollowed() throws {
    try make(["thesis.txt", "elsewhere/x", "m/config.json", "m/sub/y"])
    try link("m/up", to: "..")
    try link("m/here", to: ".")
    try link("m/sub/again", to: "../sub")
    try link("m/away", to: "../elsewhere")
    try link("m/nowhere", to: "nothing")
    try link("m/circle", to: "circle")
    try link("m/twin", to: "sub")
    let entries = try entries(of: "m")
    for name in ["up", "here", "sub/again", "away", "nowhere", "circle"] {
      #expect(entries[name] == .other, "\(name)")
    }
    #expect(entries["twin"] == .folder && entries["twin/y"] == .file)
    #expect(entries.count < 14)
  }

  /// Folders that all link to each other are not entered in every order.
  @Test func linksAmongFoldersDoNotMultiply() throws {
    let names = (1...9).map { "d\($0)" }
    try make(names.map { "m/\($0)/x" })
    for name in names {
      for other in names where other != name { try link("m/\(name)/\(other)", to: "../\(other)") }
    }
    #expect(try FolderTree(folder("m")).entries.count < 2 * 9 * 9 * 9)
  }

  @Test func ownTemporariesAreLeftOut() throws {
    try make(["m/config.json", "m/.q.ferry-01234567.part/x"])
    #expect(try entries(of: "m") == ["config.json": .file])
  }

  @Test func aNameThatIsNotUTF8IsAnError() throws {
    try make(["m/config.json"])
    let descriptor = open(folder("m"), O_RDONLY | O_DIRECTORY)
    defer { close(descriptor) }
    let file = openat(descriptor, [CChar(bitPattern: 0xff), 0], O_CREAT | O_WRONLY, 0o644)
    close(file)
    let error = #expect(throws: CheckpointError.self) { try FolderTree(folder("m")) }
    #expect(error?.message.contains("UTF-8") == true)
  }

  @Test(.enabled(if: geteuid() != 0, "root reads everything"))
  func aFolderThatCannotBeReadIsAnError() throws {
    try make(["m/config.json", "m/closed/x"])
    chmod(folder("m/closed"), 0)
    defer { chmod(folder("m/closed"), 0o755) }
    let error = #expect(throws: CheckpointError.self) { try FolderTree(folder("m")) }
    #expect(error?.code == .unreadable)
  }
}
