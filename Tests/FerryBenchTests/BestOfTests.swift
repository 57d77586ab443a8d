import Testing

@testable import ferry_bench

/// Of several rounds the best counts, on both sides.
@Suite struct BestOfTests {
  @Test func theShorterTimeAndTheBetterValue() {
    let figures = [
      Figure("a", 1, "", .atLeast, seconds: 3), Figure("b", 1, "s", .atMost),
      Figure("a", 2, "", .atLeast, seconds: 2), Figure("b", 0.5, "s", .atMost),
      Figure("c", unmeasured: "no room", "", .atLeast, 1), Figure("b", 0.7, "s", .atMost),
      Figure("c", 0.1, "", .atLeast, 1),
    ]
    let best = figures.bestOfEach
    #expect(best.map(\.name) == ["a", "b", "c"])
    #expect(best.map(\.value) == [2, 0.5, 0.1])
  }

  @Test func peersOfOneNameStayApart() {
    let entries = [("x", 2.0), ("y", 5), ("x", 1)].map { peer, seconds in
      PeerReport.Entry(name: "a", peer: peer, seconds: seconds, value: nil, unit: "", note: nil)
    }
    #expect(entries.bestOfEach.map(\.seconds) == [1, 5])
    let rates = [3.0, 4].map {
      PeerReport.Entry(name: "a", peer: "x", seconds: nil, value: $0, unit: "", note: nil)
    }
    #expect(rates.bestOfEach.map(\.value) == [4])
  }
}
