import CDrivers
import Glibc
import Synchronization

/// A CUDA driver without a GPU, for tests: devices, memory, streams and kernels on the host.
///
///     DriverDouble.start(DoubleMachine())
///     let library = CUDALibrary(DriverDouble.table)
///     …
///     #expect(DriverDouble.stop() == [])
///
/// It keeps the driver's rules rather than its speed. Work that is queued on a stream runs when
/// something waits for it and no earlier, one stream at a time, so that a missing wait shows at every
/// run; a copy, fill or kernel may touch only memory that is mapped for its device when it runs, and
/// kernels are run by the reference operations. C functions carry no context, so there is one driver
/// a process: tests that use it run one after the other.
package enum DriverDouble {
  private static let current = Mutex<DriverState?>(nil)

  /// Installs a machine in place of whatever there was.
  package static func start(_ machine: DoubleMachine = DoubleMachine()) {
    current.withLock { $0 = DriverState(machine) }
  }

  /// Ends the machine: returns what was left alive and what was done wrong, nothing where all is well.
  package static func stop() -> [String] {
    current.withLock { state in
      defer { state = nil }
      guard let state else { return ["no driver was started"] }
      return state.misuses + state.census.remainders
    }
  }

  /// What is alive now.
  package static var census: DoubleCensus { read { $0.census } ?? DoubleCensus() }

  /// What was done that a driver forbids without always noticing, in words.
  package static var misuses: [String] { read { $0.misuses } ?? [] }

  /// How often an entry point was called since the start.
  package static func calls(of entry: DriverEntryPoint) -> Int {
    read { $0.injection.driver.calls[entry] ?? 0 } ?? 0
  }

  /// How often an entry point of cuBLASLt was called since the start.
  package static func calls(of entry: BLASEntryPoint) -> Int {
    read { $0.injection.blas.calls[entry] ?? 0 } ?? 0
  }

  /// Changes something about the machine that runs.
  @discardableResult
  package static func change<Value: Sendable>(_ body: (DoubleControls) -> Value) -> Value? {
    read { body(DoubleControls($0)) }
  }

  @discardableResult
  private static func read<Value: Sendable>(_ body: (DriverState) -> Value) -> Value? {
    current.withLock { $0.map(body) }
  }

  /// One call of a driver's function: counted, made to fail where a test asked for it, and answered.
  static func call(
    _ entry: DriverEntryPoint, _ body: (DriverState) throws(DriverFailure) -> Void
  ) -> CUresult {
    let delay = current.withLock { $0?.delays[entry] ?? 0 }
    if delay > 0 { usleep(UInt32(delay * 1e6)) }
    return current.withLock { state in
      guard let state else { return DriverFailure.notInitialized.code }
      do throws(DriverFailure) {
        try state.perform(entry, body)
        return 0
      } catch {
        return error.code
      }
    }
  }

  /// One call of a function of cuBLASLt.
  static func call(
    _ entry: BLASEntryPoint, _ body: (DriverState) throws(BLASFailure) -> Void
  ) -> Int32 {
    current.withLock { state in
      guard let state else { return BLASFailure.notInitialized.code }
      do throws(BLASFailure) {
        try state.perform(entry, body)
        return 0
      } catch {
        return error.code
      }
    }
  }
}
