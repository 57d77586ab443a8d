public import FerryDevices
import FerryTensors

/// The operations on the host's processor: SIMD kernels, chosen by what the processor has, on all
/// cores.
///
/// Results are there on return, and do not depend on the number of threads. Sums are in f32, over the
/// lanes of a vector at a time: against ``ReferenceOperations`` a sum of n products is off by at most
/// (n / lanes + 16) · 2⁻²⁴ · Σ|product|, before it is rounded to the output's type. What is exact by
/// definition (decoded weights, encoded bytes, the integers of LLM.int8) is exact.
public struct HostOperations: Operations {
  /// Where the operations run: the host.
  public let context: DeviceContext
  let level: InstructionLevel
  let pool: ThreadPool

  /// Operations on the host's context, with `threads` threads: by default one a processor.
  public init(context: DeviceContext, threads: Int? = nil) {
    self.init(context: context, threads: threads, level: .highest)
  }

  /// Operations that use no more than the instructions of `level`, which the processor has.
  package init(context: DeviceContext, threads: Int?, level: InstructionLevel) {
    precondition(context.device == .cpu, "host operations work on host memory")
    precondition(InstructionLevel.available.contains(level), "this processor lacks \(level)")
    self.context = context
    self.level = level
    pool = ThreadPool(threadCount: threads)
  }

  var checks: OperandChecks { OperandChecks(context.device) }

  /// Elements that are worth a piece of their own in operations that touch each once.
  static let elementGrain = 16384
}
