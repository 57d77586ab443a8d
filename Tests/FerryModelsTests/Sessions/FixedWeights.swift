import FerryDevices
import FerryTensors
import Synchronization

/// Weights that stay where they are: the least that a session needs.
final class FixedWeights: WeightAccess {
  let layout: WeightLayout
  let device: Device
  private let image: WeightImage
  private let context: DeviceContext
  private let attached = Mutex<[any AttachedState]>([])

  /// Weights whose image is on `context`'s device already.
  init(_ image: WeightImage, on context: DeviceContext) {
    self.image = image
    self.context = context
    layout = image.layout
    device = context.device
  }

  /// A copy of a host image on `context`'s device.
  convenience init(uploading image: WeightImage, to context: DeviceContext) throws {
    self.init(
      context.device == .cpu ? image : try image.uploaded(to: context), on: context)
  }

  /// What attached itself, most recent last.
  var states: [any AttachedState] { attached.withLock { $0 } }

  func withStep<Value: Sendable>(
    _ body: @escaping @Sendable (any WeightStep) throws -> Value
  ) async throws -> Value {
    let step = Step(image: image, context: context)
    return try await context.worker.run { try body(step) }
  }

  func attach(_ state: any AttachedState) { attached.withLock { $0.append(state) } }

  /// Forgets what attached itself, which would keep it alive.
  func detachAll() { attached.withLock { $0 = [] } }

  private struct Step: WeightStep, Sendable {
    let image: WeightImage
    let context: DeviceContext

    func acquire(segment: Int) throws -> ResidentSegment {
      guard let resident = image.resident(segment: segment) else {
        throw TensorError(.missing, "segment \(segment) is absent")
      }
      return resident
    }
  }
}

extension WeightImage {
  /// The same bytes in device memory.
  func uploaded(to context: DeviceContext) throws -> WeightImage {
    var copy = WeightImage(empty: layout, device: context.device, storage: .device)
    for slab in layout.slabs() {
      let memory = try context.allocate(byteCount: slab.imageRange.count).view
      for segment in layout.segments[slab.segments] {
        let start = segment.imageRange.lowerBound - slab.imageRange.lowerBound
        let place = SegmentPlace.assembled(memory[start, count: segment.imageRange.count])
        for part in segment.parts {
          guard let bytes = view(of: part, segment: segment.index)?.hostBytes else { continue }
          try context.upload.upload(bytes, to: place.view(of: part, in: segment))
        }
        copy.set(place, segment: segment.index)
      }
    }
    try context.upload.synchronize()
    return copy
  }
}
