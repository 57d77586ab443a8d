import Synchronization

/// A lease that the current task holds, or the task that began it held.
final class HeldLease: Sendable {
  let pool: ResidencyPool
  let number: Int
  private let isOver = Atomic<Bool>(false)

  init(pool: ResidencyPool, number: Int) { (self.pool, self.number) = (pool, number) }

  var hasEnded: Bool { isOver.load(ordering: .relaxed) }

  func end() { isOver.store(true, ordering: .relaxed) }
}

enum HeldLeases {
  @TaskLocal static var current: [HeldLease] = []
}
