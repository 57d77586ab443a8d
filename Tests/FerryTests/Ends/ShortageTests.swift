import Foundation
import Testing

/// Whatever is short, a process ends by itself: with all of its result, or with one line and nothing.
@Suite("A shortage", .timeLimit(.minutes(10)))
struct ShortageTests {
  /// Runs under a limit, and returns the code; nothing but the names in `kept` may be in the folder after a failure.
  private func run(
    _ arguments: [String], setup: String, in folder: TestFolder, keeping kept: [String]
  ) throws -> Int32? {
    let end = try StartedProcess(arguments, setup: setup).end(within: 20)
    // Below that there is no process that could keep a promise.
    if end.wasNotStarted { return nil }
    #expect(end.isSuccess || end.isFailure, "\(setup): \(end)")
    if end.code != 0 { #expect(folder.names.sorted() == kept, "\(setup)") }
    return end.code
  }

  @Test("of address space ends a command that loads, and one that writes")
  func addressSpace() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    try SparseWeights.write(to: folder("in.safetensors"), rows: 1 << 12)
    let kept = ["in.safetensors", "model"]
    let out = folder("out.safetensors")
    var codes: [Int32] = []
    // Threads cannot be made at the lower end, memory cannot be had above.
    for kilobytes in stride(from: 60_000, through: 300_000, by: 15_000) {
      let setup = "ulimit -v \(kilobytes)"
      let code = try run(
        ["quantize", folder("in.safetensors"), "-o", out, "--format", "nf4", "--all", "--json"],
        setup: setup, in: folder, keeping: kept)
      try? FileManager.default.removeItem(atPath: out)
      codes += [code].compactMap(\.self)
    }
    for kilobytes in stride(from: 90_000, through: 150_000, by: 10_000) {
      let code = try run(
        ["logits", folder("model"), "--tokens", "1,2", "--json"],
        setup: "ulimit -v \(kilobytes)", in: folder, keeping: kept)
      codes += [code].compactMap(\.self)
    }
    #expect(codes.contains(1) && codes.contains(0), "\(codes)")
  }

  @Test("of threads ends a command, or has it go on with fewer")
  func threads() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    // The limit does not bind root; another user may not reach the program.
    let isRoot = geteuid() == 0
    chmod(folder.path, 0o755)
    var codes: [Int32] = []
    for count in 1...8 {
      let user = isRoot ? "setpriv --reuid 65534 --clear-groups " : ""
      // The files of the streams are opened by the shell, as who it is.
      let setup = "ulimit -u \(count) 2>&- || ulimit -p \(count); set -- \(user)\"$@\""
      for arguments in [
        ["move", folder("model"), "--route", "cpu", "--verify"],
        ["logits", folder("model"), "--tokens", "1,2"],
      ] {
        let code = try run(arguments, setup: setup, in: folder, keeping: ["model"])
        codes += [code].compactMap(\.self)
      }
    }
    #expect(codes.isEmpty || codes.contains(1), "\(codes)")
  }

  @Test("of file size is a failure that leaves nothing")
  func fileSize() throws {
    let folder = try TestFolder()
    try SparseWeights.write(to: folder("in.safetensors"), rows: 1 << 12)
    let end = try StartedProcess(
      [
        "quantize", folder("in.safetensors"), "-o", folder("out.safetensors"), "--format", "nf4",
        "--all",
      ], setup: "ulimit -f 2000"
    ).end()
    #expect(end.isFailure, "\(end)")
    #expect(folder.names == ["in.safetensors"])
  }
}
