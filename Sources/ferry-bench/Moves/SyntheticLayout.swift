import FerryFormats
import FerryTensors

/// The layout of a model that nobody trained: as large as asked for, in many or in few tensors.
enum SyntheticLayout: String, CaseIterable {
  /// Layers of a Llama: seven matrices each.
  case dense
  /// Layers of a mixture of experts: 128 experts of three small matrices each.
  case experts

  /// The layout of at least `byteCount` bytes; small ones have small layers.
  func layout(_ format: WeightFormat, byteCount: Int) -> WeightLayout {
    var segments: [SegmentDescription] = []
    var total = 0
    let shapes = shapes(byteCount: byteCount)
    repeat {
      let segment = segment(segments.count, shapes, format)
      total += segment.weights.reduce(0) { $0 + Self.byteCount(of: $1) }
      segments.append(segment)
    } while total < byteCount
    return WeightLayout(planning: segments)
  }

  private func segment(
    _ number: Int, _ shapes: [[Int]], _ format: WeightFormat
  ) -> SegmentDescription {
    let weights = shapes.enumerated().map { index, shape in
      WeightDescription(
        names: ["layers.\(number).\(index).weight"], format: format, dtype: .bf16, shape: shape)
    }
    return SegmentDescription(name: "layers.\(number)", weights: weights)
  }

  private static func byteCount(of weight: WeightDescription) -> Int {
    weight.format.parts(shape: weight.shape).reduce(0) { $0 + $1.byteCount }
  }

  /// The matrices of a layer.
  private func shapes(byteCount: Int) -> [[Int]] {
    let scale = byteCount < 500_000_000 ? 32 : byteCount < 10_000_000_000 ? 2 : 1
    let (hidden, inner, keys) = (8192 / scale, 28672 / scale, 1024 / scale)
    let attention = [[hidden, hidden], [keys, hidden], [keys, hidden], [hidden, hidden]]
    switch self {
    case .dense: return attention + [[inner, hidden], [inner, hidden], [hidden, inner]]
    case .experts:
      let small = byteCount < 500_000_000
      let (width, state) = small ? (48, 128) : (768, 2048)
      let expert = [[width, state], [width, state], [state, width]]
      return Array(repeating: expert, count: 128).flatMap { $0 }
    }
  }
}
