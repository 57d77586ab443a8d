import FerryDevices

/// The OpenCL devices of this machine, or why there are none.
package enum OpenCLDevices: Sendable {
  /// At least one, numbered across platforms in the order the loader lists them.
  case present([OpenCLBackend])
  /// None, with the reason in words.
  case absent(String)

  /// Looks for devices; never fails and never crashes.
  ///
  /// `memoryLimit`, in bytes, is the most each backend allocates, where it is less than the device
  /// has. `libraries` are the names the loader is tried under, in order.
  package static func discover(
    memoryLimit: Int? = nil, libraries: [String] = ["libOpenCL.so.1", "libOpenCL.so"]
  ) -> OpenCLDevices {
    do {
      let library = try OpenCLLibrary(names: libraries)
      return open(OpenCLPlatforms.devices(of: library), library, memoryLimit)
    } catch {
      return .absent("no OpenCL library: \(error.reason)")
    }
  }

  /// The devices; empty where there are none.
  package var backends: [OpenCLBackend] {
    if case .present(let backends) = self { backends } else { [] }
  }

  private static func open(
    _ found: [OpenCLDeviceInfo], _ library: OpenCLLibrary, _ memoryLimit: Int?
  ) -> OpenCLDevices {
    var backends: [OpenCLBackend] = []
    var reasons: [String] = []
    for info in found {
      if let reason = info.unfitness {
        reasons.append("\(info.name): \(reason)")
        continue
      }
      do throws(DeviceError) {
        backends.append(
          try OpenCLBackend(library, info, index: backends.count, memoryLimit: memoryLimit))
      } catch {
        reasons.append("\(info.name): \(error)")
      }
    }
    if !backends.isEmpty { return .present(backends) }
    return .absent(
      reasons.isEmpty
        ? "the OpenCL library is there, but no driver that has a device"
        : reasons.joined(separator: "; "))
  }
}
