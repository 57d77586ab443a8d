package import FerryDevices
package import FerryFormats
package import FerryImages
package import FerryOperations
package import FerryTensors
import Synchronization

/// Enlarges images, tile by tile, where the model's weights are.
///
/// Every tile is a step: between two of them the model may move, and the task may be cancelled.
package final class Upscaler: Sendable {
  /// Makes the operations of a device.
  package typealias OperationsMaker = @Sendable (DeviceContext) throws -> any Operations

  /// How an image is enlarged.
  package struct Options: Sendable {
    /// How many times as large it becomes; nil: as the model makes it.
    package var scale: Int?
    /// The most pixels of a side of a tile, without overlap; nil: as many as memory allows.
    package var tileSide: Int?
    /// The type of activations: f32, f16 or bf16.
    package var elementType: ElementType

    package init(scale: Int? = nil, tileSide: Int? = nil, elementType: ElementType = .f32) {
      self.scale = scale
      self.tileSide = tileSide
      self.elementType = elementType
    }
  }

  /// The network.
  package let model: any UpscalingNetwork
  /// How many times as large an image becomes unless told otherwise.
  package let scale: Int

  private let weights: any WeightAccess
  private let makeOperations: OperationsMaker
  private let place = Mutex<(context: DeviceContext, operations: any Operations)?>(nil)

  /// Nothing is allocated before the first image.
  package init(
    _ model: any UpscalingNetwork, scale: Int, weights: any WeightAccess,
    operations: @escaping OperationsMaker
  ) {
    self.model = model
    self.scale = scale
    self.weights = weights
    self.makeOperations = operations
  }

  /// Returns the larger image, with the source's kind of samples and its metadata, and the number of tiles that it was
  /// computed in.
  package func upscale(
    _ image: Image, _ options: Options = Options(),
    progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> (image: Image, tileCount: Int) {
    let scale = try checkedScale(options, image)
    let plan = try await plan(for: image, options)
    var result = LargerImage(of: image, scale: scale)
    for (index, tile) in plan.tiles.enumerated() {
      try Task.checkCancellation()
      let input = image.folded(tile, by: model.folding)
      let output = try await run(input, tile, options.elementType)
      result.take(output, tile, networkScale: model.scale)
      progress(index + 1, plan.tiles.count)
    }
    return (result.finished(), plan.tiles.count)
  }

  private func checkedScale(_ options: Options, _ image: Image) throws -> Int {
    let scale = options.scale ?? scale
    guard (1...model.scale).contains(scale) else {
      throw ModelError(
        .unsupported, "a scale of \(scale) was asked for; the network gives 1 to \(model.scale)")
    }
    let (side, sides) = max(image.width, image.height).multipliedReportingOverflow(by: scale)
    guard !sides, side <= 1_000_000 else {
      throw ModelError(
        .tooLong, "the result would be \(side) pixels wide or high; PNG holds 1,000,000 at most")
    }
    _ = try Image.byteCount(
      width: image.width * scale, height: image.height * scale, channels: image.channels,
      bitDepth: image.bitDepth)
    return scale
  }
}

// MARK: - One tile

extension Upscaler {
  /// What the network makes of a tile: f32 [3, height · scale, width · scale] of what it was given.
  private func run(_ input: [Float], _ tile: TilePlan.Tile, _ elementType: ElementType) async throws
    -> [Float]
  {
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
      try await weights.withStep { [self] step in
        do {
          return try pass(over: input, tile, elementType, in: step, unless: cancellation)
        } catch {
          // Queued work may still use the scratch and the input.
          try? step.context.compute.synchronize()
          throw error
        }
      }
    } onCancel: {
      cancellation.cancel()
    }
  }

  private func pass(
    over input: [Float], _ tile: TilePlan.Tile, _ elementType: ElementType,
    in step: any WeightStep, unless cancellation: Cancellation
  ) throws -> [Float] {
    let context = step.context
    let byteCount = model.scratchByteCount(pixels: tile.pixelCount, elementType: elementType)
    let scratch = ScratchArena(try context.allocate(byteCount: byteCount))
    let folding = model.folding
    let tensor = scratch.take(
      .f32,
      shape: [
        3 * folding * folding, tile.givenRows.count / folding, tile.givenColumns.count / folding,
      ])
    return try input.withUnsafeBytes { bytes in
      try context.compute.upload(bytes, to: tensor.view)
      defer { try? context.compute.synchronize() }
      let pass = UpscalingPass(
        step: step, operations: try operations(on: context), scratch: scratch,
        elementType: elementType, check: { try cancellation.check() })
      return try download(try model.forward(tensor, in: pass), on: context)
    }
  }

  private func download(_ tensor: Tensor, on context: DeviceContext) throws -> [Float] {
    try Array(unsafeUninitializedCapacity: tensor.count) { values, count in
      let bytes = UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(values)[..<tensor.view.byteCount])
      try context.compute.download(tensor.view, to: bytes)
      try context.compute.synchronize()
      count = tensor.count
    }
  }

  /// Those of the latest step, where it was on the same device.
  private func operations(on context: DeviceContext) throws -> any Operations {
    try place.withLock { place in
      if let place, place.context === context { return place.operations }
      let operations = try makeOperations(context)
      place = (context, operations)
      return operations
    }
  }
}

// MARK: - Tiles

extension Upscaler {
  /// The most bytes that a tile takes, however much is free: larger ones gain next to nothing.
  private static let mostBytes = 2 << 30
  /// The smallest tile's side.
  package static let leastSide = 32

  private func plan(for image: Image, _ options: Options) async throws -> TilePlan {
    let side: Int
    if let asked = options.tileSide {
      side = asked
    } else {
      let budget = try await weights.withStep { try Self.budget(on: $0.context) }
      side = self.side(budget, options.elementType)
    }
    return TilePlan(
      width: image.width, height: image.height, side: max(side, Self.leastSide),
      overlap: model.overlap, folding: model.folding)
  }

  /// Half of what is free, of what the device may give at once.
  private static func budget(on context: DeviceContext) throws(DeviceError) -> Int {
    let memory = try context.backend.memory()
    let free = memory.free ?? max(0, memory.total - context.bytesInUse)
    return min(free / 2, context.backend.limits.maximumAllocation, mostBytes)
  }

  /// The side of the largest tile that takes no more than `budget` bytes.
  private func side(_ budget: Int, _ elementType: ElementType) -> Int {
    let sample = 1 << 16
    let perPixel = model.scratchByteCount(pixels: sample, elementType: elementType) / sample + 1
    return TilePlan.side(
      pixels: budget / perPixel, overlap: model.overlap, least: Self.leastSide)
  }
}
