import FerryDevices

/// 32-bit words on devices.
enum TestWords {
  static func upload(_ words: [UInt32], to context: DeviceContext) throws -> Allocation {
    try TestBytes.upload(words.withUnsafeBytes { Array($0) }, to: context)
  }

  static func read(_ view: BufferView, in context: DeviceContext) throws -> [UInt32] {
    try TestBytes.read(view, in: context).withUnsafeBytes { bytes in
      (0..<(bytes.count / 4)).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self) }
    }
  }
}
