import FerryFormats
import FerryOperations
import FerryTensors

/// SRVGGNetCompact: convolutions in a row, a slope for each channel behind all but the last, whose channels
/// are shuffled to pixels and added to the image.
struct CompactNetwork: UpscalingNetwork {
  let convolutions: [ConvolutionNumbers]
  let features: Int
  let scale: Int

  var folding: Int { 1 }

  /// As far as a pixel sees: a tile gives what the whole image would, where sums are rounded alike.
  var overlap: Int { convolutions.count }

  func scratchByteCount(pixels: Int, elementType: ElementType) -> Int {
    let shuffled = 3 * scale * scale
    return ScratchArena.byteCount([
      12 * pixels, features * pixels * elementType.byteCount,
      features * pixels * elementType.byteCount, shuffled * pixels * elementType.byteCount,
      4 * shuffled * pixels,
    ])
  }

  func forward(_ input: Tensor, in pass: UpscalingPass) throws -> Tensor {
    let maps = (0..<2).map { _ in pass.map(features, like: input) }
    let last = pass.map(3 * scale * scale, like: input)
    var current = input
    for (index, convolution) in convolutions.enumerated() {
      try pass.check()
      let next = index == convolutions.count - 1 ? last : maps[index % 2]
      try pass.convolve(current, convolution, into: next)
      current = next
    }
    let output = pass.scratch.take(
      .f32, shape: [3, input.shape[1] * scale, input.shape[2] * scale])
    try pass.operations.shufflePixels(last, adding: input, into: output)
    return output
  }
}
