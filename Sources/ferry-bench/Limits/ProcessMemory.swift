import Glibc
import Synchronization

/// What the kernel says of this process's memory.
enum ProcessMemory {
  /// Anonymous memory in bytes: what is neither a mapped file nor shared (RssAnon).
  static var anonymousBytes: Int {
    guard let status = contents(of: "/proc/self/status") else { return 0 }
    let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
    let number = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return (number ?? 0) * 1024
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

  static func contents(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
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
