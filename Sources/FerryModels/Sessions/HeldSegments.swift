import FerryDevices
import FerryTensors

/// The way to the weights that remembers which segments a pass asked for, and holds them.
final class HeldSegments: WeightStep {
  /// The segments asked for so far, in the order of the first request.
  private(set) var order: [Int] = []
  private var held: [Int: ResidentSegment] = [:]
  private let step: any WeightStep

  init(_ step: any WeightStep) { self.step = step }

  var context: DeviceContext { step.context }
  var keepsSegments: Bool { step.keepsSegments }

  func acquire(segment: Int) throws -> ResidentSegment {
    if let found = held[segment] { return found }
    let segmentHeld = try step.acquire(segment: segment)
    order.append(segment)
    held[segment] = segmentHeld
    return segmentHeld
  }

  /// Acquires what an earlier pass asked for: from here on, nothing has to be waited for.
  func acquire(_ segments: [Int]) throws {
    for segment in segments { _ = try acquire(segment: segment) }
  }

  /// The weights held.
  var weights: [WeightView] { order.flatMap { held[$0]?.weights ?? [] } }
}
