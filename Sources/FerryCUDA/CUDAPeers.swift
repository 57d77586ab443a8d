import CDrivers
import FerryDevices
import Synchronization

/// The devices of a driver, and which of them address each other's memory.
final class CUDAPeers: Sendable {
  /// By number.
  let contexts: [CUDAContext]
  private let connections = Mutex<[Set<Int32>: Bool]>([:])

  init(_ contexts: [CUDAContext]) { self.contexts = contexts }

  /// The context of a device; nil for a device of another driver.
  func context(of device: Device) -> CUDAContext? {
    guard device.backend == .cuda, contexts.indices.contains(device.index) else { return nil }
    return contexts[device.index]
  }

  /// Lets two devices address each other's memory; false where they cannot.
  func connect(_ context: CUDAContext, with device: Device) -> Bool {
    guard let peer = self.context(of: device), peer !== context else { return false }
    return connections.withLock { connections in
      let pair: Set = [context.ordinal, peer.ordinal]
      if let answer = connections[pair] { return answer }
      let answer = Self.connect(context, peer) && Self.connect(peer, context)
      connections[pair] = answer
      return answer
    }
  }

  private static func connect(_ context: CUDAContext, _ peer: CUDAContext) -> Bool {
    var canAccess: Int32 = 0
    let asked = context.library.call.DeviceCanAccessPeer(
      &canAccess, context.ordinal, peer.ordinal)
    guard asked == 0, canAccess != 0 else { return false }
    do throws(DeviceError) {
      let other = try peer.opened()
      try context.run(.setUp) { call in
        let status = CUDAStatus(rawValue: call.CtxEnablePeerAccess(other.pointer, 0))
        guard status == .success || status == .peerAccessAlreadyEnabled else {
          return status.rawValue
        }
        return peer.mappings.add(context.ordinal, call)
      }
      return true
    } catch {
      return false
    }
  }
}
