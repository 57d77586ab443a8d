import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

/// The convolutions that Real-ESRGAN is made of: 64 channels, 3 × 3.
struct ConvolutionBench {
  let open: OpenDevice
  let roofs: HostRoofs
  private let operations: any Operations
  private static let channels = 64

  init(_ open: OpenDevice, _ roofs: HostRoofs, _ operations: any Operations) {
    (self.open, self.roofs, self.operations) = (open, roofs, operations)
  }

  /// One type of maps and weights. Operations are those of the sum that defines it: an algorithm that needs
  /// fewer may be above the roof.
  func figures(_ elementType: ElementType) throws -> [Figure] {
    let (side, channels) = (open.scale.mapSide, Self.channels)
    let weight = try SyntheticWeight.make(
      .plain(elementType), shape: [channels, channels, 3, 3], on: open.context, seed: 1)
    let bias = try SyntheticWeight.make(
      .plain(elementType), shape: [channels], on: open.context, seed: 2)
    let maps = try (0..<2).map { seed in
      try SyntheticWeight.tensor(
        elementType, shape: [channels, side, side], on: open.context, seed: UInt64(seed))
    }
    let timing = try DeviceTimer(context: open.context, budget: open.scale.budget)
      .time(copies: 1) { _ in
        try operations.convolve(
          maps[0], weight: weight, bias: bias, activation: .leakyReLU(slope: 0.2), into: maps[1])
      }
    let pixels = side * side
    return [
      roofs.figure(
        "convolution \(channels)→\(channels) 3×3 of \(side)×\(side) \(elementType)", timing.seconds,
        reading: channels * pixels * elementType.byteCount,
        operations: Double(2 * 9 * channels * channels * pixels),
        of: elementType == .bf16 ? .bf16 : .f32)
    ]
  }
}

extension BenchScale {
  /// Pixels of a map's side: a tile of 128 and its edges.
  fileprivate var mapSide: Int { pick(full: 148, host: 148, small: 16) }
}
