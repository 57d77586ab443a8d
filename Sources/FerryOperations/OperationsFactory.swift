public import FerryDevices

/// Chooses the implementation of the operations that a device runs.
public enum OperationsFactory {
  /// The operations of `context`'s device: the host's own, or kernels.
  public static func make(for context: DeviceContext) throws -> any Operations {
    context.device == .cpu
      ? HostOperations(context: context) : try KernelOperations(context: context)
  }
}
