package import CDrivers

/// What a test may change about a machine that runs.
package struct DoubleControls {
  private let state: DriverState

  init(_ state: DriverState) { self.state = state }

  /// Makes the `number`th call (1: the next) of an entry point fail. Calls that give something back
  /// do so all the same.
  package func fail(_ entry: DriverEntryPoint, at number: Int = 1, with code: CUresult) {
    state.injection.driver.fail(entry, at: number, with: InjectedFailure(code: code))
  }

  /// The same for a call at which the context turns out to be broken: the first device's, where none is
  /// current.
  package func lose(_ entry: DriverEntryPoint, at number: Int = 1, with code: CUresult) {
    state.injection.driver.fail(entry, at: number, with: InjectedFailure(code: code, breaks: true))
  }

  /// The same for a call that gives something back, which then stays.
  package func refuse(_ entry: DriverEntryPoint, at number: Int = 1, with code: CUresult) {
    state.injection.driver.fail(entry, at: number, with: InjectedFailure(code: code, keeps: true))
  }

  /// The same for a call of cuBLASLt, with a `cublasStatus_t`.
  package func fail(_ entry: BLASEntryPoint, at number: Int = 1, with code: Int32) {
    state.injection.blas.fail(entry, at: number, with: InjectedFailure(code: code))
  }

  /// Makes the `number`th copy, fill or kernel (1: the next) that a device runs fail, which breaks its
  /// context: what waits for it, and every later call, returns the code.
  package func failWork(on device: Int, at number: Int = 1, with code: CUresult) {
    state.injection.failWork(on: device, at: number, with: code)
  }

  /// Forgets the failures that have not happened yet.
  package func forgetFailures() { state.injection.clear() }

  /// Whether a failure that was asked for has not happened yet.
  package var failuresArePending: Bool { state.injection.isPending }

  /// Sets what other processes hold of a device, in bytes.
  package func setMemoryOfOthers(_ byteCount: Int, on device: Int) {
    state.devices[device].memoryOfOthers = byteCount
  }

  /// Sets how much host memory may be registered, in bytes.
  package func setRegistrable(_ byteCount: Int) { state.registrations.limit = byteCount }

  /// Sets how long each copy of a device takes beside the copying, in seconds.
  package func setCopyDelay(_ seconds: Double, on device: Int) {
    state.devices[device].copyDelay = seconds
  }

  /// Sets how much longer each call of an entry point takes, in seconds, beside those of other threads.
  package func setDelay(_ seconds: Double, of entry: DriverEntryPoint) {
    state.delays[entry] = seconds
  }
}
