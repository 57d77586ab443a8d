import CDrivers
package import FerryDevices
import Synchronization

/// One CUDA device.
///
/// It uses the device's primary context. The driver frees and unmaps memory without looking at what is
/// queued, so `freesInOrder` does not hold.
package final class CUDABackend: DeviceBackend {
  package let device: Device
  package let name: String
  package let limits: DeviceLimits
  package let facts: DeviceFacts
  package let pinning: (any HostPinning)?
  package let reservations: (any AddressReservations)?
  let context: CUDAContext
  let capability: ComputeCapability
  private let info: CUDADeviceInfo
  let images: CUDAImages
  private let peers: CUDAPeers
  private let blas: CUDABLASLtLibrary.Source
  private let products = Mutex<CUDABLASLt?>(nil)
  let modules = Mutex(CUDAModules())

  init(
    _ info: CUDADeviceInfo, _ context: CUDAContext, _ peers: CUDAPeers, _ images: CUDAImages,
    blas: @escaping CUDABLASLtLibrary.Source, driver: String
  ) {
    self.blas = blas
    (self.info, self.context, self.peers, self.images) = (info, context, peers, images)
    capability = info.capability
    device = context.device
    name = info.name
    facts = info.facts(driver: driver)
    limits = DeviceLimits(
      maximumAllocation: 1 << 46, alignment: 256, maximumGroupSize: info.maximumGroupSize,
      freesInOrder: false, lockstepWidth: 32, keepsSubnormals: true, compilesSource: false,
      hasMatrixUnits: capability.hasMatrixUnits)
    pinning = info.registersHostMemory ? CUDAPinning(context) : nil
    reservations = info.reservesAddresses ? CUDAReservations(context) : nil
  }

  deinit {
    for module in modules.withLock({ $0.takeAll() }) {
      context.release("a module") { $0.ModuleUnload(module.pointer) }
    }
  }

  /// The driver's own count, all processes together; what is free is unknown of a device that others
  /// leave no room on, or keep to themselves.
  package func memory() throws(DeviceError) -> DeviceMemory {
    do throws(DeviceError) {
      _ = try context.opened()
    } catch {
      guard [.unavailable, .outOfMemory].contains(error.code) else { throw error }
      return DeviceMemory(total: info.memory, free: nil)
    }
    var (free, total) = (0, 0)
    try context.run(.setUp) { $0.MemGetInfo(&free, &total) }
    return DeviceMemory(total: total, free: free)
  }

  /// cuBLASLt's, where it is installed; it is loaded when this is first asked for.
  package var vendorProducts: (any VendorProducts)? {
    products.withLock { products in
      products = products ?? blas().map { CUDABLASLt($0, context) }
      return products
    }
  }

  package var releaseFailure: DeviceError? { context.releaseFailure }

  package func makeStream() throws(DeviceError) -> any DeviceStream { try CUDAStream(self) }

  /// Whether both devices can address each other's memory. Connects them.
  package func copiesDirectly(with peer: Device) -> Bool { peers.connect(context, with: peer) }

  /// The context of a device that this one copies from and to.
  func peer(_ device: Device) throws(DeviceError) -> CUDAContext {
    guard copiesDirectly(with: device), let context = peers.context(of: device) else {
      throw .foreign(device, to: self.device)
    }
    return context
  }
}

// MARK: - Memory

extension CUDABackend {
  package func allocate(byteCount: Int) throws(DeviceError) -> DeviceHandle {
    precondition(byteCount > 0, "an allocation has at least one byte")
    guard byteCount <= limits.maximumAllocation else {
      throw DeviceError(
        .allocationTooLarge,
        "\(device) holds no \(ByteCount(bytes: byteCount)): use smaller slabs")
    }
    var address: CUdeviceptr = 0
    try context.run(.allocation) { $0.MemAlloc(&address, byteCount) }
    return DeviceHandle(rawValue: UInt(address))
  }

  package func free(_ handle: DeviceHandle, byteCount: Int) {
    context.release("memory") { $0.MemFree(handle.address) }
  }
}

extension DeviceHandle {
  /// The handle as the address it is.
  var address: CUdeviceptr { CUdeviceptr(rawValue) }
}
