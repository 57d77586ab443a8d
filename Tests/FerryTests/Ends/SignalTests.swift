import Foundation
import Testing

@Suite("A signal", .timeLimit(.minutes(10)))
struct SignalTests {
  private static let requests = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGXCPU]

  @Test("ends a command that writes, and nothing stays", arguments: requests)
  func whileWriting(_ number: Int32) throws {
    let folder = try TestFolder()
    try SparseWeights.write(to: folder("in.safetensors"), rows: 1 << 15)
    let process = try StartedProcess([
      "quantize", folder("in.safetensors"), "-o", folder("out.safetensors"), "--format", "nf4",
      "--all", "--json",
    ])
    #expect(process.wait { folder.names.count == 2 })
    process.send(number)
    let end = process.end()
    #expect(end.isFailure && end.errors == "ferry: error: interrupted\n", "\(end)")
    #expect(folder.names == ["in.safetensors"])
  }

  @Test("ends a command that computes, and one that waits for input", arguments: requests)
  func whileComputing(_ number: Int32) throws {
    let folder = try TestFolder()
    try SparseWeights.write(to: folder("in.safetensors"), rows: 1 << 17)
    _ = try TinyEncoder.write(to: folder("encoder"))
    for arguments in [
      ["move", folder("in.safetensors"), "--route", "cpu", "--verify"],
      ["embed", folder("encoder")],
    ] {
      let process = try StartedProcess(arguments)
      #expect(process.waitUntilReady())
      process.send(number)
      let end = process.end()
      #expect(end.isFailure && end.errors == "ferry: error: interrupted\n", "\(end)")
    }
  }

  @Test("that is a fault ends a command in order, too", arguments: [SIGSEGV, SIGABRT, SIGILL])
  func faults(_ number: Int32) throws {
    let folder = try TestFolder()
    try SparseWeights.write(to: folder("in.safetensors"), rows: 1 << 15)
    let arguments = [
      "quantize", folder("in.safetensors"), "-o", folder("out.safetensors"), "--format", "nf4",
      "--all",
    ]
    let process = try StartedProcess(arguments)
    #expect(process.wait { folder.names.count == 2 })
    process.send(number)
    let end = process.end()
    #expect(end.isFailure && end.errors.contains("FERRY_BACKTRACE"), "\(end)")
    #expect(folder.names == ["in.safetensors"])

    let left = try StartedProcess(
      arguments, environment: ["FERRY_BACKTRACE": "1", "SWIFT_BACKTRACE": "enable=no"])
    #expect(left.wait { folder.names.count == 2 })
    left.send(number)
    #expect(left.end().code == 128 + number)
  }

  @Test("that is ignored stays ignored", arguments: [SIGINT, SIGHUP, SIGQUIT])
  func ignored(_ number: Int32) throws {
    let folder = try TestFolder()
    let (texts, _, _) = try TinyEncoder.write(to: folder("encoder"))
    let process = try StartedProcess(
      ["embed", folder("encoder"), "--json"], setup: "trap '' INT HUP QUIT")
    #expect(process.waitUntilReady())
    process.send(number)
    usleep(100_000)
    process.input.fileHandleForWriting.write(Data("\(texts[0])\n".utf8))
    try process.input.fileHandleForWriting.close()
    let end = process.end()
    #expect(end.isSuccess && end.output.hasPrefix("{"), "\(end)")
  }

  @Test("at the very end finds one outcome", arguments: 0..<8)
  func late(_ number: Int) throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let process = try StartedProcess([
      "quantize", folder("model"), "-o", folder("q"), "--format", "int8", "--json",
    ])
    let isAtEnd = number.isMultiple(of: 2)
    let isThere = process.wait {
      folder.names.contains("q") || !isAtEnd && folder.names.count > 1
    }
    #expect(isThere)
    process.send(number < 4 ? SIGINT : SIGTERM)
    let end = process.end()
    if end.code == 0 || isAtEnd {
      #expect(end.isSuccess && end.output.hasPrefix("{") && end.output.hasSuffix("}\n"), "\(end)")
      #expect(folder.names.sorted() == ["model", "q"])
    } else {
      #expect(end.isFailure, "\(end)")
      #expect(folder.names == ["model"])
    }
  }

  @Test("ends a command whose result stands and whose report nobody reads")
  func unread() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    #expect(mkfifo(folder("pipe"), 0o600) == 0)
    let reader = open(folder("pipe"), O_RDONLY | O_NONBLOCK)
    let writer = open(folder("pipe"), O_WRONLY | O_NONBLOCK)
    defer {
      close(reader)
      close(writer)
    }
    let page = [UInt8](repeating: 0, count: 4096)
    while write(writer, page, page.count) > 0 {}
    let process = try StartedProcess(
      ["quantize", folder("model"), "-o", folder("q"), "--format", "int8", "--json"],
      streams: ">'\(folder("pipe"))'")
    #expect(process.wait { folder.names.contains("q") })
    process.send(SIGTERM)
    let end = process.end(within: 30)
    #expect(end.code == 1 && end.hasOneLine, "\(end)")
    #expect(end.errors.contains("the result at \(folder("q")) stands"), "\(end)")
    #expect(folder.names.sorted() == ["model", "pipe", "q"])
  }
}
