import FerryFormats
import FerryOperations
import FerryTensors

/// RRDBNet: a convolution, blocks, a convolution, both added; twice the size, a convolution, and again; two
/// more.
///
/// A block is three parts of five convolutions. The first four see the part's input and all outputs before
/// their own, which lie behind each other in one map; a fifth of what the last gives is added to the part's
/// input, and of what the parts give to the block's.
struct DenseNetwork: UpscalingNetwork {
  /// The first, fifteen for each block, and five.
  let convolutions: [ConvolutionNumbers]
  let features: Int
  let growth: Int
  let folding: Int

  /// What is added of a part, and of a block.
  private static let residualScale: Float = 0.2
  /// The slope of negative values.
  private static let slope: Float = 0.2

  var scale: Int { 4 / folding }

  /// What Real-ESRGAN itself gives tiles: a pixel sees hundreds further, but hardly.
  var overlap: Int { 10.rounded(upTo: folding) }

  func scratchByteCount(pixels: Int, elementType: ElementType) -> Int {
    let folded = pixels / (folding * folding)
    let size = elementType.byteCount * folded
    let small = [features, features, features, features + 4 * growth].map { $0 * size }
    let large = [4, 4, 16, 16].map { $0 * features * size }
    return ScratchArena.byteCount([12 * pixels] + small + large + [4 * 3 * 16 * folded])
  }

  func forward(_ input: Tensor, in pass: UpscalingPass) throws -> Tensor {
    let first = pass.map(features, like: input)
    let state = pass.map(features, like: input)
    let change = pass.map(features, like: input)
    let dense = pass.map(features + 4 * growth, like: input)
    try pass.convolve(input, convolutions[0], into: first)
    try pass.operations.repeatPixels(first, into: state)
    try pass.operations.repeatPixels(first, into: dense.channels(0..<features))
    let tail = convolutions.suffix(5)
    for start in stride(from: 1, to: convolutions.count - 5, by: 15) {
      try pass.check()
      try block(Array(convolutions[start..<start + 15]), state, dense, change, pass)
    }
    try pass.convolve(state, tail[tail.startIndex], into: change)
    try pass.operations.addScaled(change, by: 1, to: first, into: change)
    return try enlarge(change, Array(tail.dropFirst()), pass)
  }

  /// state += 0.2 · parts(state). The first channels of `dense` hold the state, before and after.
  private func block(
    _ convolutions: [ConvolutionNumbers], _ state: Tensor, _ dense: Tensor, _ change: Tensor,
    _ pass: UpscalingPass
  ) throws {
    let running = dense.channels(0..<features)
    for part in 0..<3 {
      for index in 0..<4 {
        let seen = features + index * growth
        try pass.convolve(
          dense.channels(0..<seen), convolutions[5 * part + index], leaky: Self.slope,
          into: dense.channels(seen..<seen + growth))
      }
      try pass.convolve(dense, convolutions[5 * part + 4], into: change)
      try pass.operations.addScaled(
        change, by: Self.residualScale, to: running, into: running)
    }
    try pass.operations.addScaled(running, by: Self.residualScale, to: state, into: state)
    try pass.operations.repeatPixels(state, into: running)
  }

  /// Four times as wide and as high, and RGB.
  private func enlarge(
    _ map: Tensor, _ convolutions: [ConvolutionNumbers], _ pass: UpscalingPass
  ) throws -> Tensor {
    let (repeated, middle) = (
      pass.map(features, like: map, times: 2), pass.map(features, like: map, times: 2)
    )
    try pass.operations.repeatPixels(map, into: repeated)
    try pass.convolve(repeated, convolutions[0], leaky: Self.slope, into: middle)
    let (large, other) = (
      pass.map(features, like: map, times: 4), pass.map(features, like: map, times: 4)
    )
    try pass.operations.repeatPixels(middle, into: large)
    try pass.convolve(large, convolutions[1], leaky: Self.slope, into: other)
    try pass.convolve(other, convolutions[2], leaky: Self.slope, into: large)
    let output = pass.scratch.take(.f32, shape: [3] + large.shape.dropFirst())
    try pass.convolve(large, convolutions[3], into: output)
    return output
  }
}
