public import FerryDevices
import FerryTensors

/// The operations on the host's processor: SIMD kernels, chosen by what the processor has, on all
/// cores.
///
/// Results are there on return, and do not depend on the number of threads. What is exact by definition
/// (decoded weights, encoded bytes, the integers of LLM.int8) is exact. Sums are in f32; against
/// ``ReferenceOperations``, before it is rounded to the output's type, a sum of n products is off by at most
/// r · 2⁻²⁴ · Σ|product|, with r = n / lanes + 16, where the lanes are those of a vector: 4, 8 or 16.
///
/// Linear layers:
/// - Up to 24 rows of activations (12 on processors without AVX-512) give each row the bits that it gives alone.
///   More rows are summed over ranges of at most 512 columns: r = min(n, 512) + n / 256 + 16.
/// - Where the processor has dot products of bf16 (AVX512-BF16), activations that are bf16 are multiplied as
///   such, with all weights but INT8 decoded to bf16, as ``dequantize(_:into:)`` does; weights that are not
///   bf16 already then add half a unit in the last place of each, 2⁻⁹ · Σ|product|. These products are exact,
///   except that numbers below 2⁻¹²⁶ count as 0. Activations in f32 and f16 are multiplied in f32.
///
/// Attention: scores of bf16 by bf16 are made of exact products there as well. A row has the same bits however rows
/// are cut into calls: sums are made over each 256 positions, and added in order.
///
/// Convolutions that are computed by tiles have a bound of their own: ``convolve(_:weight:bias:activation:into:)``.
public struct HostOperations: Operations {
  /// Where the operations run: the host.
  public let context: DeviceContext
  let level: InstructionLevel
  let pool: ThreadPool
  /// Decoded weights from here on are written past the caches, which could not hold them.
  let streamedByteCount: Int

  /// Operations on the host's context, with `threads` threads: by default one a processor.
  public init(context: DeviceContext, threads: Int? = nil) {
    self.init(context: context, threads: threads, level: .highest)
  }

  /// Operations that use no more than the instructions of `level`, which the processor has.
  package init(
    context: DeviceContext, threads: Int?, level: InstructionLevel,
    streamedByteCount: Int = 16 << 20
  ) {
    precondition(context.device == .cpu, "host operations work on host memory")
    precondition(InstructionLevel.available.contains(level), "this processor lacks \(level)")
    self.context = context
    self.level = level
    self.streamedByteCount = streamedByteCount
    pool = ThreadPool(threadCount: threads)
  }

  var checks: OperandChecks { OperandChecks(context.device) }

  /// Elements that are worth a piece of their own in operations that touch each once.
  static let elementGrain = 16384
}
