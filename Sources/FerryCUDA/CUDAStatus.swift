/// What a call of the CUDA driver returned.
package struct CUDAStatus: RawRepresentable, Hashable, Sendable {
  /// The driver's number.
  package let rawValue: Int32

  /// A status.
  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// The call did what it should. The C constant is `CUDA_SUCCESS`.
  package static let success = Self(rawValue: 0)
  /// An argument is out of range. The C constant is `CUDA_ERROR_INVALID_VALUE`.
  package static let invalidValue = Self(rawValue: 1)
  /// No memory on the device, or none that may be locked on the host. The C constant is
  /// `CUDA_ERROR_OUT_OF_MEMORY`.
  package static let outOfMemory = Self(rawValue: 2)
  /// The process is ending. The C constant is `CUDA_ERROR_DEINITIALIZED`.
  package static let deinitialized = Self(rawValue: 4)
  /// The device is used exclusively by somebody else. The C constant is
  /// `CUDA_ERROR_DEVICE_UNAVAILABLE`.
  package static let deviceUnavailable = Self(rawValue: 46)
  /// The image is no module. The C constant is `CUDA_ERROR_INVALID_IMAGE`.
  package static let invalidImage = Self(rawValue: 200)
  /// The context is gone. The C constant is `CUDA_ERROR_INVALID_CONTEXT`.
  package static let invalidContext = Self(rawValue: 201)
  /// Memory failed beyond correction. The C constant is `CUDA_ERROR_ECC_UNCORRECTABLE`.
  package static let uncorrectableMemory = Self(rawValue: 214)
  /// A link between devices failed beyond correction. The C constant is
  /// `CUDA_ERROR_NVLINK_UNCORRECTABLE`.
  package static let uncorrectableLink = Self(rawValue: 220)
  /// The PTX is newer than the driver. The C constant is `CUDA_ERROR_UNSUPPORTED_PTX_VERSION`.
  package static let unsupportedPTX = Self(rawValue: 222)
  /// The device contained a fault of its own. The C constant is `CUDA_ERROR_CONTAINED`.
  package static let contained = Self(rawValue: 226)
  /// The operating system refused. The C constant is `CUDA_ERROR_OPERATING_SYSTEM`.
  package static let operatingSystem = Self(rawValue: 304)
  /// Work is under way: no failure. The C constant is `CUDA_ERROR_NOT_READY`.
  package static let notReady = Self(rawValue: 600)
  /// A launch asked for more than there is. The C constant is
  /// `CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES`.
  package static let launchOutOfResources = Self(rawValue: 701)
  /// The peers are connected already. The C constant is `CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED`.
  package static let peerAccessAlreadyEnabled = Self(rawValue: 704)
  /// The host memory is registered already. The C constant is
  /// `CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED`.
  package static let alreadyRegistered = Self(rawValue: 712)
  /// The host memory is not registered. The C constant is
  /// `CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED`.
  package static let notRegistered = Self(rawValue: 713)
  /// The device or the system cannot do this. The C constant is `CUDA_ERROR_NOT_SUPPORTED`.
  package static let notSupported = Self(rawValue: 801)
  /// Nobody knows. The C constant is `CUDA_ERROR_UNKNOWN`.
  package static let unknown = Self(rawValue: 999)

  /// Faults after which every call of the process to this device fails, in the driver's numbers:
  /// 4 the driver ends, 201 and 709 the context was destroyed, 700 … 719 a kernel's fault, 721 a leak
  /// in tensor memory.
  private static let fatal: Set<Int32> = [
    4, 46, 201, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721,
  ]

  /// Whether the device is lost to this process.
  package var isLoss: Bool { Self.fatal.contains(rawValue) || isMemoryFault }

  /// Whether hardware failed: the contents of memory cannot be trusted.
  package var isMemoryFault: Bool {
    [.uncorrectableMemory, .uncorrectableLink, .contained].contains(self)
  }
}

extension CUDAStatus: CustomStringConvertible {
  /// The C constant.
  package var description: String {
    Self.constants[rawValue].map { "CUDA_\($0)" } ?? "CUDA error \(rawValue)"
  }

  /// The constants of the driver interface, without `CUDA_`.
  private static let constants: [Int32: String] = [
    0: "SUCCESS",
    1: "ERROR_INVALID_VALUE",
    2: "ERROR_OUT_OF_MEMORY",
    3: "ERROR_NOT_INITIALIZED",
    4: "ERROR_DEINITIALIZED",
    5: "ERROR_PROFILER_DISABLED",
    6: "ERROR_PROFILER_NOT_INITIALIZED",
    7: "ERROR_PROFILER_ALREADY_STARTED",
    8: "ERROR_PROFILER_ALREADY_STOPPED",
    34: "ERROR_STUB_LIBRARY",
    36: "ERROR_CALL_REQUIRES_NEWER_DRIVER",
    46: "ERROR_DEVICE_UNAVAILABLE",
    100: "ERROR_NO_DEVICE",
    101: "ERROR_INVALID_DEVICE",
    102: "ERROR_DEVICE_NOT_LICENSED",
    200: "ERROR_INVALID_IMAGE",
    201: "ERROR_INVALID_CONTEXT",
    202: "ERROR_CONTEXT_ALREADY_CURRENT",
    205: "ERROR_MAP_FAILED",
    206: "ERROR_UNMAP_FAILED",
    207: "ERROR_ARRAY_IS_MAPPED",
    208: "ERROR_ALREADY_MAPPED",
    209: "ERROR_NO_BINARY_FOR_GPU",
    210: "ERROR_ALREADY_ACQUIRED",
    211: "ERROR_NOT_MAPPED",
    212: "ERROR_NOT_MAPPED_AS_ARRAY",
    213: "ERROR_NOT_MAPPED_AS_POINTER",
    214: "ERROR_ECC_UNCORRECTABLE",
    215: "ERROR_UNSUPPORTED_LIMIT",
    216: "ERROR_CONTEXT_ALREADY_IN_USE",
    217: "ERROR_PEER_ACCESS_UNSUPPORTED",
    218: "ERROR_INVALID_PTX",
    219: "ERROR_INVALID_GRAPHICS_CONTEXT",
    220: "ERROR_NVLINK_UNCORRECTABLE",
    221: "ERROR_JIT_COMPILER_NOT_FOUND",
    222: "ERROR_UNSUPPORTED_PTX_VERSION",
    223: "ERROR_JIT_COMPILATION_DISABLED",
    224: "ERROR_UNSUPPORTED_EXEC_AFFINITY",
    225: "ERROR_UNSUPPORTED_DEVSIDE_SYNC",
    226: "ERROR_CONTAINED",
    300: "ERROR_INVALID_SOURCE",
    301: "ERROR_FILE_NOT_FOUND",
    302: "ERROR_SHARED_OBJECT_SYMBOL_NOT_FOUND",
    303: "ERROR_SHARED_OBJECT_INIT_FAILED",
    304: "ERROR_OPERATING_SYSTEM",
    400: "ERROR_INVALID_HANDLE",
    401: "ERROR_ILLEGAL_STATE",
    402: "ERROR_LOSSY_QUERY",
    500: "ERROR_NOT_FOUND",
    600: "ERROR_NOT_READY",
    700: "ERROR_ILLEGAL_ADDRESS",
    701: "ERROR_LAUNCH_OUT_OF_RESOURCES",
    702: "ERROR_LAUNCH_TIMEOUT",
    703: "ERROR_LAUNCH_INCOMPATIBLE_TEXTURING",
    704: "ERROR_PEER_ACCESS_ALREADY_ENABLED",
    705: "ERROR_PEER_ACCESS_NOT_ENABLED",
    708: "ERROR_PRIMARY_CONTEXT_ACTIVE",
    709: "ERROR_CONTEXT_IS_DESTROYED",
    710: "ERROR_ASSERT",
    711: "ERROR_TOO_MANY_PEERS",
    712: "ERROR_HOST_MEMORY_ALREADY_REGISTERED",
    713: "ERROR_HOST_MEMORY_NOT_REGISTERED",
    714: "ERROR_HARDWARE_STACK_ERROR",
    715: "ERROR_ILLEGAL_INSTRUCTION",
    716: "ERROR_MISALIGNED_ADDRESS",
    717: "ERROR_INVALID_ADDRESS_SPACE",
    718: "ERROR_INVALID_PC",
    719: "ERROR_LAUNCH_FAILED",
    720: "ERROR_COOPERATIVE_LAUNCH_TOO_LARGE",
    721: "ERROR_TENSOR_MEMORY_LEAK",
    800: "ERROR_NOT_PERMITTED",
    801: "ERROR_NOT_SUPPORTED",
    802: "ERROR_SYSTEM_NOT_READY",
    803: "ERROR_SYSTEM_DRIVER_MISMATCH",
    804: "ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE",
    805: "ERROR_MPS_CONNECTION_FAILED",
    806: "ERROR_MPS_RPC_FAILURE",
    807: "ERROR_MPS_SERVER_NOT_READY",
    808: "ERROR_MPS_MAX_CLIENTS_REACHED",
    809: "ERROR_MPS_MAX_CONNECTIONS_REACHED",
    810: "ERROR_MPS_CLIENT_TERMINATED",
    811: "ERROR_CDP_NOT_SUPPORTED",
    812: "ERROR_CDP_VERSION_MISMATCH",
    900: "ERROR_STREAM_CAPTURE_UNSUPPORTED",
    901: "ERROR_STREAM_CAPTURE_INVALIDATED",
    902: "ERROR_STREAM_CAPTURE_MERGE",
    903: "ERROR_STREAM_CAPTURE_UNMATCHED",
    904: "ERROR_STREAM_CAPTURE_UNJOINED",
    905: "ERROR_STREAM_CAPTURE_ISOLATION",
    906: "ERROR_STREAM_CAPTURE_IMPLICIT",
    907: "ERROR_CAPTURED_EVENT",
    908: "ERROR_STREAM_CAPTURE_WRONG_THREAD",
    909: "ERROR_TIMEOUT",
    910: "ERROR_GRAPH_EXEC_UPDATE_FAILURE",
    911: "ERROR_EXTERNAL_DEVICE",
    912: "ERROR_INVALID_CLUSTER_SIZE",
    913: "ERROR_FUNCTION_NOT_LOADED",
    914: "ERROR_INVALID_RESOURCE_TYPE",
    915: "ERROR_INVALID_RESOURCE_CONFIGURATION",
    999: "ERROR_UNKNOWN",
  ]
}
