import FerryDeviceTesting
import FerryDevices
import Foundation
import Synchronization
import Testing

/// The host's NUMA nodes, and which one memory for a device comes from.
@Suite struct HostNodeTests {
  @Test(arguments: [
    ("0\n", [0]), ("0-1\n", [0, 1]), ("0,2-3\n", [0, 2, 3]), ("", []), ("\n", []),
    ("a-b\n", []), ("3-1\n", []), ("0-\n", [0]),
  ])
  func theKernelsListsAreRead(_ text: String, _ numbers: [Int]) {
    #expect(HostNode.list(text) == numbers)
  }

  /// The files `numa_node` and `has_memory`, and the node that memory comes from.
  struct Machine: Sendable {
    let ofDevice: String?
    let withMemory: String?
    let number: Int?

    static let all = [
      Machine(ofDevice: "1\n", withMemory: "0-1\n", number: 1),
      Machine(ofDevice: "0\n", withMemory: "0-1\n", number: 0),
      Machine(ofDevice: "-1\n", withMemory: "0-1\n", number: nil),
      // One node has all the memory; the device's node has none; the kernel tells nothing.
      Machine(ofDevice: "0\n", withMemory: "0\n", number: nil),
      Machine(ofDevice: "2\n", withMemory: "0-1\n", number: nil),
      Machine(ofDevice: nil, withMemory: "0-1\n", number: nil),
      Machine(ofDevice: "1\n", withMemory: nil, number: nil),
    ]
  }

  @Test(arguments: Machine.all)
  func aDevicesNodeIsKnownWhereThereIsAChoice(_ machine: Machine) throws {
    let folder = try Folder()
    try folder.write(machine.ofDevice, to: "devices/0000:1b:00.0/numa_node")
    try folder.write(machine.withMemory, to: "nodes/has_memory")
    let node = HostNode(
      ofPCIDevice: "0000:1b:00.0", in: folder.path + "/devices", nodes: folder.path + "/nodes")
    #expect(node?.number == machine.number)
  }

  @Test(.enabled(if: MemoryPolicy.current == .default, "a kernel with memory policies"))
  func memoryIsPreferredFromANodeForATimeAndByTheThreadsStarted() throws {
    let seen = try HostNode(number: 0).preferred { () throws(DeviceError) -> [MemoryPolicy.Mode?] in
      let started = Lines()
      HostThreads.perform(8, threads: 2) { _ in started.append(MemoryPolicy.current) }
      return [MemoryPolicy.current] + started.all
    }
    #expect(seen.allSatisfy { $0 == .preferred } && seen.count == 9)
    #expect(MemoryPolicy.current == .default)
  }

  @Test func aDeviceWithANodeGetsMemoryLikeAnyOther() throws {
    let host = try DeviceContext(HostBackend())
    let backend = FaultInjectingBackend(HostBackend(), facts: DeviceFacts(hostNode: 0))
    let memory = try host.allocate(byteCount: 9 << 20, near: DeviceContext(backend))
    #expect(memory.byteCount == 9 << 20 && host.bytesInUse == 9 << 20)
    let bytes = try #require(memory.view.hostBytes)
    #expect(bytes[0] == 0 && bytes[9 << 20 - 1] == 0)
  }
}

private final class Lines: Sendable {
  private let lines = Mutex<[MemoryPolicy.Mode?]>([])
  var all: [MemoryPolicy.Mode?] { lines.withLock { $0 } }
  func append(_ mode: MemoryPolicy.Mode?) { lines.withLock { $0.append(mode) } }
}

/// A folder that is gone with its last user.
private final class Folder {
  let path = NSTemporaryDirectory() + "ferry-nodes-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String?, to file: String) throws {
    guard let text else { return }
    let url = URL(fileURLWithPath: "\(path)/\(file)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }
}
