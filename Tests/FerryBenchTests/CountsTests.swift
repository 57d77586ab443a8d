import CAllocations
import Foundation
import Testing

@testable import ferry_bench

/// Counts stay within the limits that are committed.
@Suite(.serialized) struct CountsTests {
  /// In a process of its own: other tests allocate meanwhile.
  @Test func noCountIsAboveItsLimit() throws {
    let limits = Repository.path(CountLimits.path)
    _ = try ChildProcess.run(
      ChildProcess.sibling("ferry-bench"), ["counts", "--trial", "--limits", limits])
  }

  @Test func allocationsAreCounted() {
    ferry_count_allocations()
    let objects = (0..<1000).map { _ in NSObject() }
    #expect(ferry_allocation_count() >= Int64(objects.count))
  }

  @Test func aCountWithoutALimitMissesIt() {
    #expect(Count("new", .launches, 3).figure(CountLimits()).isMet == false)
    #expect(Count("a", .allocations, 10).newLimit == 13)
    #expect(Count("a", .launches, 10).newLimit == 10)
  }
}
