public import FerryDevices
import FerryFormats
import FerryTensors

/// The operations on any device with kernels, through the seam that all drivers share.
///
/// Everything is queued on the context's compute stream; only ``quantize(_:into:)`` waits. Operands
/// are aligned to their elements, as images assembled on a device and tensors are. Scratch memory is
/// kept between calls and given back when the value goes.
public final class KernelOperations: Operations {
  /// Where the operations run.
  public let context: DeviceContext
  let library: KernelLibrary
  let scratch: ScratchMemory
  /// Operands in f32, on devices that kernels of their types were not compiled for.
  let conversions: ScratchMemory
  /// How many threads work together on one row of weights, of a norm, or of an attention.
  let threads: Int
  /// Whether layers of many rows are computed on matrix units.
  let usesMatrixUnits: Bool
  /// How many processors tiles of a product should keep busy.
  let processors: Int
  /// As many as an H100 has, where the device does not tell.
  private static let usualProcessors = 132

  /// Operations on a device; its kernels are built when they are first used.
  public convenience init(context: DeviceContext) throws {
    self.init(context: context, threads: context.backend.limits.lockstepWidth)
  }

  /// Operations with `threads` (a power of two) threads a row, whatever the device prefers.
  ///
  /// `usesMatrixUnits` and `processors` are those of the device where nil.
  package init(
    context: DeviceContext, threads: Int, usesMatrixUnits: Bool? = nil, processors: Int? = nil
  ) {
    let found = context.backend.facts.processorCount
    self.processors = processors ?? (found > 0 ? found : Self.usualProcessors)
    self.context = context
    self.threads = threads
    self.usesMatrixUnits = usesMatrixUnits ?? context.backend.limits.hasMatrixUnits
    library = KernelLibrary(context.backend)
    scratch = ScratchMemory(context)
    conversions = ScratchMemory(context)
  }

  /// Codes and outliers of LLM.int8, decoded weights, what ranges of an attention come to, and operands in
  /// f32.
  public var scratchMemory: [BufferView] { [scratch, conversions].compactMap(\.current) }

  /// The same, until it is needed again.
  public func releaseScratch() {
    scratch.release()
    conversions.release()
  }

  var checks: OperandChecks { OperandChecks(context.device) }
}

// MARK: - Launching

extension KernelOperations {
  /// Threads of a group for work without cooperation between threads.
  static let groupSize = 128
  /// Threads along the first axis of a flat grid; FLAT_INDEX of the dialect.
  private static let flatSpan = 1 << 20

  /// Starts a kernel on the compute stream.
  func launch(
    _ kernel: OperationKernel, _ defines: [String: String], groups: GridSize, of threads: Int,
    _ arguments: [KernelArgument]
  ) throws {
    let built = try library.kernel(kernel, defines)
    try context.compute.launch(built, groups: groups, groupSize: GridSize(threads), arguments)
  }

  /// Starts at least `count` threads, numbered by FLAT_INDEX, in groups of a power of two.
  func launchFlat(
    _ kernel: OperationKernel, _ defines: [String: String], count: Int,
    of threads: Int = groupSize, _ arguments: [KernelArgument]
  ) throws {
    let grid = GridSize(
      min(count, Self.flatSpan).blocks(of: threads), count.blocks(of: Self.flatSpan))
    try launch(kernel, defines, groups: grid, of: threads, arguments)
  }
}

// MARK: - Alignment

extension KernelOperations {
  /// Checks what the checks of all implementations leave open: kernels read whole elements.
  func requireAlignment(_ tensors: Tensor...) throws(OperationError) {
    for tensor in tensors {
      try requireAlignment(tensor.view, of: tensor.elementType, "a tensor")
    }
  }

  /// The same for the parts of a weight.
  func requireAlignment(_ weight: WeightView) throws(OperationError) {
    for (part, view) in zip(weight.entry.parts, weight.parts) {
      try requireAlignment(view, of: part.specification.elementType, weight.entry.name)
    }
  }

  private func requireAlignment(
    _ view: BufferView, of type: ElementType, _ what: String
  ) throws(OperationError) {
    guard view.offset % type.byteCount == 0 else {
      throw OperationError(
        .unsupported,
        "\(what) of \(type) starts at byte \(view.offset) of its memory on \(context.device); put it "
          + "at a multiple of \(type.byteCount)")
    }
  }
}
