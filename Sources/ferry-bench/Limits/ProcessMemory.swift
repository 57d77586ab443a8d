import FerryDevices
import Glibc
import Synchronization

/// What the kernel says of this process's memory.
enum ProcessMemory {
  /// Anonymous memory in bytes: what is neither a mapped file nor shared (RssAnon).
  static var anonymousBytes: Int {
    (SystemFile.text("/proc/self/status").flatMap { SystemFile.fields($0)["RssAnon"] } ?? 0) * 1024
  }

  /// The most anonymous memory there was while `body` ran, above what there was before, sampled once a
  /// millisecond.
  static func peakAbove<Value: Sendable>(
    _ body: () async throws -> Value
  ) async throws -> (value: Value, bytes: Int) {
    let before = anonymousBytes
    let sampler = Sampler()
    sampler.start()
    let value = try await body()
    return (value, max(0, sampler.stop() - before))
  }
}

/// A thread that watches the process's anonymous memory.
private final class Sampler: Sendable {
  private let peak = Mutex(0)
  private let isRunning = Atomic<Bool>(true)
  private let hasEnded = Atomic<Bool>(false)

  func start() {
    var thread = pthread_t()
    let me = Unmanaged.passRetained(self).toOpaque()
    pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Sampler>.fromOpaque(context).takeRetainedValue().watch() }
        return nil
      }, me)
    pthread_detach(thread)
  }

  /// Ends the watch; returns the most that was seen.
  func stop() -> Int {
    isRunning.store(false, ordering: .releasing)
    while !hasEnded.load(ordering: .acquiring) { usleep(500) }
    return peak.withLock { $0 }
  }

  private func watch() {
    while isRunning.load(ordering: .acquiring) {
      let now = ProcessMemory.anonymousBytes
      peak.withLock { $0 = max($0, now) }
      usleep(1000)
    }
    hasEnded.store(true, ordering: .releasing)
  }
}
