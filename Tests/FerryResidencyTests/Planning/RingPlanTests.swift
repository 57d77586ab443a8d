import Testing

@testable import FerryResidency

@Suite struct RingPlanTests {
  @Test func whatFitsBesideThreeSlotsStays() throws {
    let plan = try #require(RingPlan(Array(repeating: 10, count: 10), room: 75))
    #expect(plan.kept == [0, 1, 2, 3] && plan.keptBytes == 40)
    #expect(plan.ring == .init(slotBytes: 10, slotCount: 3))
    #expect(RingPlan(Array(repeating: 10, count: 10), room: 29) == nil)
    #expect(RingPlan.leastBytes(Array(repeating: 10, count: 10)) == 30)
  }

  /// An embedding and a head of 100 bytes, and ten layers of 10: slots for layers do, and both ends stay.
  @Test func largePagesStay() throws {
    let pages = [100] + Array(repeating: 10, count: 10) + [100]
    #expect(RingPlan.leastBytes(pages) == 230)
    let plan = try #require(RingPlan(pages, room: 250))
    #expect(plan.kept == [0, 1, 2, 11] && plan.ring.byteCount == 30)
    #expect(RingPlan(pages, room: 229) == nil)
  }

  @Test func whatIsThereStaysThere() throws {
    let plan = try #require(
      RingPlan(Array(repeating: 10, count: 10), room: 60, resident: [3, 7, 9]))
    #expect(plan.kept == [3, 7, 9])
    let more = try #require(RingPlan(Array(repeating: 10, count: 10), room: 70, resident: [7]))
    #expect(more.kept == [0, 1, 2, 7])
  }

  /// Fewer pages than slots, or as many as large as they are, take as much as all of them.
  @Test func aRingIsNoLargerThanTheModel() {
    #expect(RingPlan.leastBytes([50, 50]) == 100 && RingPlan([50, 50], room: 99) == nil)
    #expect(RingPlan.leastBytes([10, 10, 1]) == 21 && RingPlan.leastBytes([]) == 0)
  }

  @Test func everyPlanFitsItsRoomAndHoldsWhatGoesThrough() {
    var random = SplitMix(state: 5)
    for _ in 0..<2000 {
      let pages = (0..<Int.random(in: 2...12, using: &random)).map { _ in
        Int.random(in: 1...30, using: &random)
      }
      let room = Int.random(in: 1..<max(2, pages.reduce(0, +)), using: &random)
      let least = RingPlan.leastBytes(pages)
      guard let plan = RingPlan(pages, room: room) else {
        #expect(room < least)
        continue
      }
      #expect(room >= least && plan.keptBytes + plan.ring.byteCount <= room)
      let absent = pages.indices.filter { !plan.kept.contains($0) }.map { pages[$0] }
      #expect(absent.allSatisfy { $0 <= plan.ring.slotBytes })
      #expect(plan.ring.slotCount == 3 && absent.count >= 3)
    }
  }
}
