import FerryDevices
import FerryTensors
import Foundation
import Testing

@Suite("A mapped file")
struct MappedFileTests {
  let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

  @Test("shows its bytes at any offset")
  func views() throws {
    let file = try TemporaryFile(bytes)
    let mapped = try MappedFile(path: file.path)
    for (offset, count) in [(0, 10_000), (1, 7), (9_999, 1), (10_000, 0)] {
      let view = mapped.view(offset: offset, byteCount: count)
      #expect(view.device == .cpu)
      #expect(view.hostBytes.map(Array.init) == Array(bytes[offset..<(offset + count)]))
    }
  }

  @Test("may be empty")
  func empty() throws {
    let file = try TemporaryFile([])
    let mapped = try MappedFile(path: file.path)
    #expect(mapped.view(offset: 0, byteCount: 0).byteCount == 0)
    try mapped.checkUnchanged()
  }

  @Test("keeps its bytes while a view of it lives")
  func outlives() throws {
    let file = try TemporaryFile(bytes)
    let view = try MappedFile(path: file.path).view(offset: 5, byteCount: 3)
    #expect(view.hostBytes.map(Array.init) == Array(bytes[5..<8]))
  }

  @Test("that does not exist is an error that names it")
  func missing() {
    let error = #expect(throws: TensorError.self) { try MappedFile(path: "/nowhere/model") }
    #expect(error?.code == .unreadable)
    #expect(error?.description.contains("/nowhere/model") == true)
  }

  @Test("of a folder is an error")
  func folder() {
    #expect(throws: TensorError.self) { try MappedFile(path: "/") }
  }

  @Test("scatters a range over many targets, more than one system call takes")
  func scatters() throws {
    let file = try TemporaryFile(bytes)
    let mapped = try MappedFile(path: file.path)
    var target = [UInt8](repeating: 0, count: 3 * 3000)
    try target.withUnsafeMutableBytes { target in
      var pieces: [UnsafeMutableRawBufferPointer] = []
      for start in stride(from: 0, to: 9000, by: 3) {
        for range in [start..<(start + 1), start..<start, (start + 1)..<(start + 3)] {
          pieces.append(UnsafeMutableRawBufferPointer(rebasing: target[range]))
        }
      }
      try mapped.read(scattering: pieces, at: 100)
    }
    #expect(target == Array(bytes[100..<9100]))
  }

  @Test("reports a truncation instead of faulting")
  func truncated() throws {
    let file = try TemporaryFile(bytes)
    let mapped = try MappedFile(path: file.path)
    file.truncate(to: 4096)
    var target = [UInt8](repeating: 0, count: 10_000)
    let error = #expect(throws: TensorError.self) {
      try target.withUnsafeMutableBytes { try mapped.read(into: $0, at: 0) }
    }
    #expect(error?.code == .fileChanged)
    #expect(throws: TensorError.self) { try mapped.checkUnchanged() }
  }

  @Test("gives zeros where it was truncated under whoever reads it, and says so")
  func truncatedUnderReader() throws {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let file = try TemporaryFile([UInt8](repeating: 7, count: 5 * page))
    let mapped = try MappedFile(path: file.path)
    let other = try MappedFile(path: file.path)
    file.truncate(to: page)
    let read = try #require(mapped.view(offset: 0, byteCount: 5 * page).hostBytes)
    // Beyond the end first, then before it: what the file still has stays.
    #expect(read[3 * page] == 0 && read[5 * page - 1] == 0 && read[2 * page] == 0)
    #expect(read[0] == 7)
    // Even if the file becomes what it was, what was read is not what it held.
    let error = #expect(throws: TensorError.self) { try mapped.checkUnchanged() }
    #expect(error?.code == .fileChanged)
    #expect(error?.message.contains("changed while it was in use") == true)
    #expect(other.view(offset: page, byteCount: 1).hostBytes?[0] == 0)
  }

  @Test("is found damaged by a reader on any thread, and its place in the list is used again")
  func damagedOnThreads() throws {
    for _ in 0..<20 {
      let file = try TemporaryFile([UInt8](repeating: 7, count: 1 << 20))
      let mapped = try MappedFile(path: file.path)
      try mapped.checkUnchanged()
      file.truncate(to: 0)
      DispatchQueue.concurrentPerform(iterations: 8) { number in
        let sum = mapped.view(offset: number << 17, byteCount: 1 << 17).hostBytes?.reduce(0) {
          $0 + Int($1)
        }
        #expect(sum == 0)
      }
      #expect(throws: TensorError.self) { try mapped.checkUnchanged() }
    }
  }

  @Test("notices that it was written, or replaced at its path")
  func changes() throws {
    let file = try TemporaryFile(bytes)
    let mapped = try MappedFile(path: file.path)
    try mapped.checkUnchanged()
    try file.replace(bytes)
    let replaced = #expect(throws: TensorError.self) { try mapped.checkUnchanged() }
    #expect(replaced?.code == .fileChanged)

    let other = try TemporaryFile(bytes)
    let written = try MappedFile(path: other.path)
    usleep(20_000)
    try other.write(bytes)
    #expect(throws: TensorError.self) { try written.checkUnchanged() }
  }

  @Test("whose path is gone is still the file that was mapped")
  func unlinked() throws {
    let file = try TemporaryFile(bytes)
    let mapped = try MappedFile(path: file.path)
    unlink(file.path)
    try mapped.checkUnchanged()
    var target = [UInt8](repeating: 0, count: 10)
    try target.withUnsafeMutableBytes { try mapped.read(into: $0, at: 20) }
    #expect(target == Array(bytes[20..<30]))
  }
}
