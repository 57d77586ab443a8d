public import FerryDevices

/// Chooses the implementation of the operations that a device runs.
public enum OperationsFactory {
  /// The operations of `context`'s device: the host's own, with so many threads (nil: one a processor), or
  /// kernels.
  public static func make(
    for context: DeviceContext, threads: Int? = nil
  ) throws -> any Operations {
    context.device == .cpu
      ? HostOperations(context: context, threads: threads)
      : try KernelOperations(context: context)
  }

  /// Whether a device multiplies bf16 by instructions or units made for that, so that activations in bf16 are
  /// faster than in f32 and not only smaller.
  public static func multipliesBF16(on context: DeviceContext) -> Bool {
    context.device == .cpu
      ? InstructionLevel.highest == .avx512Dot : context.backend.limits.hasMatrixUnits
  }
}
