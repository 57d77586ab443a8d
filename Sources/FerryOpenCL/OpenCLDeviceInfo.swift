import CDrivers

/// What a driver says about one device.
struct OpenCLDeviceInfo: Sendable {
  let id: OpenCLObject
  private let library: OpenCLLibrary

  init(_ library: OpenCLLibrary, _ id: OpenCLObject) {
    self.library = library
    self.id = id
  }

  /// `CL_DEVICE_NAME`
  var name: String { text(0x102B) }
  /// `CL_DEVICE_GLOBAL_MEM_SIZE`, in bytes.
  var memory: Int { Int(clamping: number(0x101F)) }
  /// `CL_DEVICE_MAX_MEM_ALLOC_SIZE`, in bytes.
  var maximumAllocation: Int { Int(clamping: number(0x1010)) }
  /// `CL_DEVICE_MAX_WORK_GROUP_SIZE`
  var maximumGroupSize: Int { Int(clamping: number(0x1004)) }
  /// `CL_DEVICE_MEM_BASE_ADDR_ALIGN`, in bytes.
  var alignment: Int { Int(clamping: number(0x1019)) / 8 }
  /// `CL_DEVICE_MAX_COMPUTE_UNITS`
  var computeUnits: Int { max(1, Int(clamping: number(0x1002))) }
  /// Whether `CL_DEVICE_TYPE` says it is a processor like the host's.
  var isProcessor: Bool { number(0x1000) & 2 != 0 }
  /// Whether `CL_DEVICE_SINGLE_FP_CONFIG` has `CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT`.
  var dividesExactly: Bool { number(0x101B) & 0x80 != 0 }

  /// Whether `CL_DEVICE_SINGLE_FP_CONFIG` has `CL_FP_DENORM`.
  var keepsSubnormals: Bool { number(0x101B) & 0x1 != 0 }

  /// Why Ferry cannot use the device; nil where it can.
  var unfitness: String? {
    if number(0x1027) == 0 { return "it is not available now" }
    if number(0x1028) == 0 { return "its driver has no compiler" }
    if number(0x1026) == 0 { return "it is big-endian" }
    if number(0x100D) < 64 { return "its addresses have fewer than 64 bits" }
    return version < (1, 2) ? "it has \(text(0x102F)), and 1.2 is needed" : nil
  }

  /// `CL_DEVICE_VERSION`: "OpenCL 3.0 PoCL …".
  private var version: (Int, Int) {
    let words = text(0x102F).split(separator: " ")
    let numbers = words.dropFirst().first?.split(separator: ".").map { Int($0) ?? 0 } ?? []
    return numbers.count == 2 ? (numbers[0], numbers[1]) : (0, 0)
  }

  /// A value of 4 or 8 bytes; 0 where the driver does not know it.
  private func number(_ key: cl_uint) -> UInt64 {
    var value: UInt64 = 0
    let status = library.call.GetDeviceInfo(
      id.pointer, key, MemoryLayout.size(ofValue: value), &value, nil)
    return status == 0 ? value : 0
  }

  private func text(_ key: cl_uint) -> String {
    library.text { library.call.GetDeviceInfo(id.pointer, key, $0, $1, $2) }
  }
}

extension OpenCLLibrary {
  /// A text the driver returns: its size is asked for first. Empty on failure.
  func text(_ query: (Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> cl_int)
    -> String
  {
    var count = 0
    guard query(0, nil, &count) == 0, count > 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: count)
    guard query(count, &bytes, nil) == 0 else { return "" }
    let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    return String(text.drop { $0 == " " })
  }
}
