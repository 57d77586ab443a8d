import Glibc

/// A NUMA node: memory, and the processors and devices that reach it without crossing the link between
/// sockets.
package struct HostNode: Hashable, Sendable {
  /// The kernel's number of it.
  package let number: Int

  /// The node with this number.
  package init(number: Int) { self.number = number }

  /// The node that a PCI device (`0000:1b:00.0`) is attached to; nil where the kernel does not tell, and
  /// where there is no choice: one node has all the memory.
  package init?(
    ofPCIDevice name: String, in devices: String = "/sys/bus/pci/devices",
    nodes: String = "/sys/devices/system/node"
  ) {
    guard let number = SystemFile.number("\(devices)/\(name)/numa_node") else { return nil }
    let withMemory = Self.list(SystemFile.text("\(nodes)/has_memory") ?? "")
    guard withMemory.count > 1, withMemory.contains(number) else { return nil }
    self.number = number
  }

  /// The numbers of a list as the kernel writes it (`0-1,3`); empty where it is none.
  package static func list(_ text: String) -> [Int] {
    text.split { $0 == "," || $0 == "\n" }.flatMap { item -> [Int] in
      let ends = item.split(separator: "-").map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else {
        return []
      }
      return Array(first...last)
    }
  }

  /// Runs `body`, in which pages that this thread and those it starts touch come from this node, from
  /// another where it has none left. A policy that the process was started with (`numactl`) is kept.
  package func preferred<Value>(_ body: () throws(DeviceError) -> Value) throws(DeviceError)
    -> Value
  {
    guard MemoryPolicy.current == .default else { return try body() }
    MemoryPolicy.set(.preferred, node: number)
    defer { MemoryPolicy.set(.default) }
    return try body()
  }
}

/// The kernel's policy for the pages that a thread touches.
package enum MemoryPolicy {
  /// What the kernel does.
  package enum Mode: Int, Sendable {
    /// `MPOL_DEFAULT`
    case `default` = 0
    /// `MPOL_PREFERRED`
    case preferred = 1
  }

  /// Of this thread; nil for any other mode, and where the kernel knows none.
  package static var current: Mode? {
    var mode: Int32 = -1
    let status = withUnsafeMutablePointer(to: &mode) {
      call?(getPolicy, Int(bitPattern: $0), 0, 0, 0, 0)
    }
    return status == 0 ? Mode(rawValue: Int(mode)) : nil
  }

  /// Sets it for this thread. Without effect where the kernel refuses.
  static func set(_ mode: Mode, node: Int? = nil) {
    guard let node else {
      _ = call?(setPolicy, mode.rawValue, 0, 0, 0, 0)
      return
    }
    var mask = [UInt](repeating: 0, count: node / UInt.bitWidth + 1)
    mask[node / UInt.bitWidth] = 1 << UInt(node % UInt.bitWidth)
    // The kernel reads one bit less than it is told.
    let count = mask.count * UInt.bitWidth + 1
    mask.withUnsafeBufferPointer {
      _ = call?(setPolicy, mode.rawValue, Int(bitPattern: $0.baseAddress), count, 0, 0)
    }
  }

  /// `syscall`, which Swift does not import for its variable arguments: they are passed like others.
  private typealias SystemCall = @convention(c) (Int, Int, Int, Int, Int, Int) -> Int
  private static let call: SystemCall? = dlsym(nil, "syscall").map {
    unsafeBitCast($0, to: SystemCall.self)
  }

  #if arch(x86_64)
    private static let setPolicy = 238
    private static let getPolicy = 239
  #elseif arch(arm64)
    private static let setPolicy = 237
    private static let getPolicy = 236
  #endif
}

extension DeviceContext {
  /// Allocates memory of the host where `device` reaches it fastest.
  package func allocate(byteCount: Int, near device: DeviceContext) throws(DeviceError)
    -> Allocation
  {
    guard let node = device.backend.facts.hostNode.map(HostNode.init) else {
      return try allocate(byteCount: byteCount)
    }
    return try node.preferred { () throws(DeviceError) in try allocate(byteCount: byteCount) }
  }
}
