import CDrivers
import Synchronization

/// The mapped memory of one device, and the devices that may address it: unlike other memory, it is opened
/// to each of them range by range.
final class CUDAMappings: Sendable {
  private let state: Mutex<State>

  private struct State: Sendable {
    var users: [CUdevice]
    /// Sizes in bytes.
    var ranges: [CUdeviceptr: Int] = [:]
  }

  init(_ device: CUdevice) { state = Mutex(State(users: [device])) }

  /// Opens what was mapped, in one call; to its own device alone where that is all the driver grants.
  func open(_ address: CUdeviceptr, _ byteCount: Int, _ call: ferry_cuda) -> CUresult {
    state.withLock { state in
      var status = Self.open(address, byteCount, to: state.users[...], call)
      if status != 0 && state.users.count > 1 {
        status = Self.open(address, byteCount, to: state.users[..<1], call)
      }
      if status == 0 { state.ranges[address] = byteCount }
      return status
    }
  }

  /// Forgets what will be unmapped.
  func close(_ address: CUdeviceptr) {
    state.withLock { _ = $0.ranges.removeValue(forKey: address) }
  }

  /// Opens what is mapped, now and later, to another device.
  func add(_ user: CUdevice, _ call: ferry_cuda) -> CUresult {
    state.withLock { state in
      for (address, byteCount) in state.ranges {
        let status = Self.open(address, byteCount, to: [user], call)
        guard status == 0 else { return status }
      }
      state.users.append(user)
      return 0
    }
  }

  /// `CU_MEM_ACCESS_FLAGS_PROT_READWRITE`
  private static func open(
    _ address: CUdeviceptr, _ byteCount: Int, to users: ArraySlice<CUdevice>, _ call: ferry_cuda
  ) -> CUresult {
    let accesses = users.map { user in
      ferry_cuda_access(location: ferry_cuda_location(device: user), flags: 3)
    }
    return call.MemSetAccess(address, byteCount, accesses, accesses.count)
  }
}

extension ferry_cuda_location {
  /// `CU_MEM_LOCATION_TYPE_DEVICE`
  init(device: CUdevice) { self.init(type: 1, id: device) }
}
