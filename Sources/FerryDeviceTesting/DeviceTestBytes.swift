public import FerryDevices

/// Bytes on devices, for tests.
public enum TestBytes {
  /// Bytes that look random, the same for the same seed.
  public static func random(_ count: Int, seed: UInt64 = 0) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    bytes.withUnsafeMutableBytes { bytes in
      for start in stride(from: 0, to: count, by: 8) {
        let word = Checksum.mix(seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(start))
        withUnsafeBytes(of: word) { word in
          bytes[start...].copyBytes(from: word.prefix(count - start))
        }
      }
    }
    return bytes
  }

  /// A new allocation that holds `bytes` (at least one).
  public static func upload(_ bytes: [UInt8], to context: DeviceContext) throws -> Allocation {
    let allocation = try context.allocate(byteCount: bytes.count)
    try write(bytes, to: allocation.view, in: context)
    return allocation
  }

  /// Copies `bytes` to the device and waits.
  public static func write(
    _ bytes: [UInt8], to view: BufferView, in context: DeviceContext
  ) throws {
    try bytes.withUnsafeBytes { bytes in
      try context.upload.upload(bytes, to: view)
      try context.upload.synchronize()
    }
  }

  /// What a range holds, once all streams have passed.
  public static func read(_ view: BufferView, in context: DeviceContext) throws -> [UInt8] {
    try context.drain()
    var bytes = [UInt8](repeating: 0, count: view.byteCount)
    try bytes.withUnsafeMutableBytes { bytes in
      try context.download.download(view, to: bytes)
      try context.download.synchronize()
    }
    return bytes
  }

  /// Changes every bit of the byte at `offset`: what a faulty link or memory does.
  public static func flip(_ offset: Int, of view: BufferView, in context: DeviceContext) throws {
    let byte = view[offset, count: 1]
    try write(read(byte, in: context).map { ~$0 }, to: byte, in: context)
  }

  /// The ``Checksum`` of byte arrays, in their order.
  public static func checksum(_ ranges: [[UInt8]]) -> UInt64 {
    var checksum = Checksum()
    for range in ranges { range.withUnsafeBytes { checksum.append($0) } }
    return checksum.value
  }
}
