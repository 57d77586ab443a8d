import FerryDevices

/// The CUDA devices of this machine, or why there are none.
package enum CUDADevices: Sendable {
  /// At least one, under the driver's own numbers; and why others are not used.
  case present([CUDABackend], skipped: [String])
  /// None, with the reason in words.
  case absent(String)

  /// Looks for devices; never fails and never crashes. No context is made.
  ///
  /// `libraries` are the names the driver is tried under, in order.
  package static func discover(
    libraries: [String] = ["libcuda.so.1", "libcuda.so"]
  ) -> CUDADevices {
    do {
      return discover(over: try CUDALibrary(names: libraries)) { .installed }
    } catch {
      return .absent("no CUDA driver: \(error.reason)")
    }
  }

  /// The devices of a driver that is loaded, with kernels from `images` and products from `blas`.
  package static func discover(
    over library: CUDALibrary, images: CUDAImages = .embedded,
    blas: @escaping CUDABLASLtLibrary.Source = { nil }
  ) -> CUDADevices {
    let driver = CUDADriver(library)
    if let reason = driver.unfitness { return .absent(reason) }
    switch driver.start() {
    case .success(let ordinals): return open(ordinals, driver, images, blas)
    case .failure(let failure): return .absent(failure.reason)
    }
  }

  /// The devices; empty where there are none.
  package var backends: [CUDABackend] {
    if case .present(let backends, _) = self { backends } else { [] }
  }

  private static func open(
    _ ordinals: [Int32], _ driver: CUDADriver, _ images: CUDAImages,
    _ blas: @escaping CUDABLASLtLibrary.Source
  ) -> CUDADevices {
    let peers = CUDAPeers(
      ordinals.enumerated().map { CUDAContext(driver.library, $1, index: $0) })
    var backends: [CUDABackend] = []
    var reasons: [String] = []
    for context in peers.contexts {
      let info = CUDADeviceInfo(driver.library, context.ordinal)
      if let reason = info.unfitness {
        reasons.append("\(context.device) (\(info.name)): \(reason)")
      } else {
        backends.append(
          CUDABackend(info, context, peers, images, blas: blas, driver: driver.description))
      }
    }
    if !backends.isEmpty { return .present(backends, skipped: reasons) }
    return .absent(
      reasons.isEmpty
        ? "the CUDA driver is there, but no device" : reasons.joined(separator: "; "))
  }
}
