import CDrivers

/// The platforms an OpenCL loader knows, and their devices.
enum OpenCLPlatforms {
  /// `CL_DEVICE_TYPE_ALL`
  private static let allDevices: cl_bitfield = 0xFFFF_FFFF

  /// All devices, platform by platform.
  static func devices(of library: OpenCLLibrary) -> [OpenCLDeviceInfo] {
    let platforms = list { library.call.GetPlatformIDs($0, $1, $2) }
    return platforms.flatMap { platform in
      list { library.call.GetDeviceIDs(platform.pointer, allDevices, $0, $1, $2) }
        .map { OpenCLDeviceInfo(library, $0) }
    }
  }

  /// Asks for a count, then for that many; a failure (a platform without devices) is an empty list.
  private static func list(
    _ query: (cl_uint, UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<cl_uint>?)
      -> cl_int
  ) -> [OpenCLObject] {
    var count: cl_uint = 0
    guard query(0, nil, &count) == 0, count > 0 else { return [] }
    var found = [OpaquePointer?](repeating: nil, count: Int(count))
    guard query(count, &found, nil) == 0 else { return [] }
    return found.compactMap { $0.map(OpenCLObject.init) }
  }
}
