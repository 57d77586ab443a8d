import FerryDevices
import Testing

@Suite("A checksum taken in pieces")
struct ChecksumPiecesTests {
  @Test("is that of the whole ranges", arguments: [8, 16, 64])
  func pieces(size: Int) {
    let ranges = [0, 1, 7, 8, 9, 63, 64, 65, 200].map { count in
      (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
    }
    var whole = Checksum()
    var cut = Checksum()
    for range in ranges {
      range.withUnsafeBytes { bytes in
        whole.append(bytes)
        cut.open(byteCount: bytes.count)
        for start in stride(from: 0, to: bytes.count, by: size) {
          let piece = bytes[start..<min(start + size, bytes.count)]
          cut.extend(UnsafeRawBufferPointer(rebasing: piece))
        }
      }
    }
    #expect(whole.value == cut.value)
  }
}
