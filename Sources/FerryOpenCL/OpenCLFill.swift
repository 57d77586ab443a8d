import CDrivers

/// A part of a fill that one driver command can do.
///
/// A pattern's size must divide start and count, and a pattern of one byte is filled byte by byte: so
/// the bulk goes in patterns of 16 bytes, and up to 15 bytes at each end singly.
package struct OpenCLFill: Hashable {
  package let start: Int
  package let byteCount: Int
  package let patternSize: Int

  package static func pieces(start: Int, byteCount: Int) -> [OpenCLFill] {
    let end = start + byteCount
    let from = min(end, (start + 15) / 16 * 16)
    let to = max(from, end / 16 * 16)
    let pieces = [
      OpenCLFill(start: start, byteCount: from - start, patternSize: 1),
      OpenCLFill(start: from, byteCount: to - from, patternSize: 16),
      OpenCLFill(start: to, byteCount: end - to, patternSize: 1),
    ]
    return pieces.filter { $0.byteCount > 0 }
  }

  func enqueue(
    _ library: OpenCLLibrary, _ queue: OpenCLObject, _ buffer: OpaquePointer?, byte: UInt8,
    event: UnsafeMutablePointer<OpaquePointer?>?
  ) -> OpenCLStatus {
    let pattern = [UInt8](repeating: byte, count: patternSize)
    return OpenCLStatus(
      rawValue: library.call.EnqueueFillBuffer(
        queue.pointer, buffer, pattern, patternSize, start, byteCount, 0, nil, event))
  }
}
