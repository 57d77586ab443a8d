import FerryCheckpoints
import FerryFormats

/// Checkpoints of random numbers, in the sizes that a benchmark asks for.
enum SyntheticFile {
  /// Writes a file of `count` bf16 matrices of [rows, columns], unless it is there already.
  static func matrices(
    _ path: String, count: Int, rows: Int, columns: Int, type: ElementType = .bf16
  ) throws {
    guard !FileTree.exists(path) else { return }
    let tensors = (0..<count).map {
      OutputTensor("matrix.\($0).weight", type, shape: [rows, columns])
    }
    let writer = try SafetensorsWriter(path: path, tensors: tensors, replacing: false)
    let noise = noise(byteCount: 8 << 20, type)
    try noise.withUnsafeBytes { noise in
      for (index, tensor) in tensors.enumerated() {
        var offset = 0
        while offset < tensor.byteCount {
          let count = min(noise.count, tensor.byteCount - offset)
          let piece = UnsafeRawBufferPointer(rebasing: noise[..<count])
          try writer.write(piece, tensor: index, at: offset)
          offset += count
        }
      }
    }
    try writer.finish()
  }

  /// Numbers between -1 and 1, never NaN, from a fixed seed (a linear congruential generator).
  private static func noise(byteCount: Int, _ type: ElementType) -> [UInt8] {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    while bytes.count < byteCount {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
      if type == .f32 {
        withUnsafeBytes(of: number) { bytes += $0 }
      } else {
        withUnsafeBytes(of: BFloat16(number).bitPattern) { bytes += $0 }
      }
    }
    return bytes
  }
}
