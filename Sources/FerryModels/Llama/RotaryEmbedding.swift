import Glibc

/// Rotary position embedding: how far each pair of a head's elements turns from one position to the
/// next (Su et al., 2021), with the scalings by which models are stretched to longer texts.
package struct RotaryEmbedding: Hashable, Sendable {
  /// The base of the geometric sequence of wavelengths.
  package var theta: Double
  /// Elements of a head, all of which are rotated; even.
  package var headSize: Int
  /// The length up to which `dynamic` scaling changes nothing, in positions.
  package var maximumPositions: Int
  /// How frequencies are stretched.
  package var scaling: RotaryScaling

  package init(
    theta: Double, headSize: Int, maximumPositions: Int, scaling: RotaryScaling = .none
  ) {
    self.theta = theta
    self.headSize = headSize
    self.maximumPositions = maximumPositions
    self.scaling = scaling
  }

  /// The angle in radians by which each of the headSize/2 pairs turns in one position.
  ///
  /// `length` is the number of positions up to the end of the text so far; only `dynamic` looks at it.
  package func frequencies(length: Int) -> [Float] {
    switch scaling {
    case .none: frequencies(theta: theta)
    case .linear(let factor): frequencies(theta: theta).map { $0 / Float(factor) }
    case .dynamic(let factor): frequencies(theta: stretchedTheta(factor, length: length))
    case .llama3(let scaling): frequencies(theta: theta).map(scaling.scaled)
    case .yarn(let scaling): scaling.scaled(frequencies(theta: theta), theta: theta)
    case .factors(let factors): zip(frequencies(theta: theta), factors).map { $0 / $1 }
    }
  }

  /// What cosines and sines are multiplied by: 1 except for YaRN.
  package var amplitude: Float {
    if case .yarn(let scaling) = scaling { Float(scaling.amplitude) } else { 1 }
  }

  /// Cosines and sines for `positions`: [positions, 2, headSize/2], what
  /// `Operations.rotate(_:heads:tables:firstPosition:)` takes with the first position as row 0.
  package func table(positions: Range<Int>, length: Int) -> [Float] {
    let frequencies = frequencies(length: length)
    let amplitude = amplitude
    var table: [Float] = []
    table.reserveCapacity(positions.count * headSize)
    for position in positions {
      let angles = frequencies.map { Double(Float(position) * $0) }
      table.append(contentsOf: angles.map { Float(cos($0)) * amplitude })
      table.append(contentsOf: angles.map { Float(sin($0)) * amplitude })
    }
    return table
  }

  private func frequencies(theta: Double) -> [Float] {
    (0..<headSize / 2).map { pair in
      1 / Float(pow(theta, Double(Float(2 * pair) / Float(headSize))))
    }
  }

  /// NTK-aware scaling: the base grows with the length of the text.
  private func stretchedTheta(_ factor: Double, length: Int) -> Double {
    let length = Double(max(length, maximumPositions))
    let growth = factor * length / Double(maximumPositions) - (factor - 1)
    return theta * pow(growth, Double(headSize) / Double(headSize - 2))
  }
}
