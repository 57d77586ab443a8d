package import FerryFormats
import FerryOperations
package import FerryTensors

/// A model that enlarges images: what an ``Upscaler`` runs.
///
/// A model is a value without weights and without state, as a ``LanguageModel`` is.
package protocol UpscalingNetwork: Sendable {
  /// How many times as wide and as high the output is.
  var scale: Int { get }
  /// Squares of so many by so many pixels become channels before the network sees them; both sides of an
  /// image are multiples of it.
  var folding: Int { get }
  /// How many pixels beside its own a tile is given, on each side.
  var overlap: Int { get }

  /// The bytes of scratch that a pass over an image of `pixels` pixels takes.
  func scratchByteCount(pixels: Int, elementType: ElementType) -> Int

  /// Queues the forward pass over `input`, f32 [3 · folding², height, width] after folding, and returns the
  /// larger image, f32 [3, …] with both sides times ``scale`` · ``folding``.
  func forward(_ input: Tensor, in pass: UpscalingPass) throws -> Tensor
}

/// What one pass over an image works with.
package struct UpscalingPass {
  /// The way to the weights.
  let step: any WeightStep
  /// The operations of the device that the step runs on.
  let operations: any Operations
  /// Memory for activations.
  let scratch: ScratchArena
  /// The type of activations.
  let elementType: ElementType
  /// Throws where the pass is to end.
  let check: () throws -> Void

  /// Room for a map of so many channels with the extents of `other` times `factor`.
  func map(_ channels: Int, like other: Tensor, times factor: Int = 1) -> Tensor {
    scratch.take(
      elementType, shape: [channels, other.shape[1] * factor, other.shape[2] * factor])
  }

  /// Queues a convolution with its weights.
  func convolve(
    _ input: Tensor, _ numbers: ConvolutionNumbers, leaky slope: Float? = nil,
    into output: Tensor
  ) throws {
    let weights = try step.acquire(segment: numbers.segment)
    let activation: Activation =
      if let slopes = numbers.slopes {
        .parametricReLU(slopes: weights[slopes])
      } else {
        slope.map { .leakyReLU(slope: $0) } ?? .none
      }
    try operations.convolve(
      input, weight: weights[numbers.weight], bias: weights[numbers.bias],
      activation: activation, into: output)
  }
}

/// Where the weights of a convolution are in a layout.
struct ConvolutionNumbers: Sendable {
  let segment: Int
  let weight: Int
  let bias: Int
  let slopes: Int?
  let outputs: Int

  /// Those of a network, in the order of the forward pass.
  static func all(
    of configuration: RealESRGANConfiguration, in layout: WeightLayout
  ) throws(ModelError) -> [ConvolutionNumbers] {
    let finder = WeightFinder(layout)
    var numbers: [ConvolutionNumbers] = []
    for names in configuration.convolutions.flatMap(\.convolutions) {
      let weight = try finder.number(names.module.weight)
      var slopes: Int?
      if let module = names.slopes { slopes = try finder.number(module.weight).entry }
      numbers.append(
        ConvolutionNumbers(
          segment: weight.segment, weight: weight.entry,
          bias: try finder.number(names.module.bias).entry, slopes: slopes,
          outputs: names.outputs))
    }
    return numbers
  }
}

extension Tensor {
  /// Channels `range` of a map.
  func channels(_ range: Range<Int>) -> Tensor {
    let plane = shape[1] * shape[2]
    let flat = reshaped([shape[0], plane]).rows(range)
    return flat.reshaped([range.count, shape[1], shape[2]])
  }
}
