import Testing

@testable import ferry_bench

/// The least time to a first result, on paper.
@Suite struct ArrivalShapeTests {
  private let shape = ArrivalShape(.host)
  private var llama: SyntheticLlama { SyntheticLlama(shape.configuration, LinearKind.nf4.format) }

  private func floor(rows: Int = 16, upload: Double, compute: Double) -> Double {
    shape.floor(llama, rows: rows, upload: upload, compute: compute)
  }

  @Test func oneOfBothAloneTakesItsTime() {
    #expect(abs(floor(upload: 0, compute: 3) - 3) < 1e-9)
    #expect(abs(floor(upload: 2, compute: 0) - 2) < 1e-9)
  }

  @Test func betweenTheLongerAndBoth() {
    for (upload, compute) in [(1.0, 1.0), (1, 3), (3, 1), (100, 1), (1, 100)] {
      let least = floor(upload: upload, compute: compute)
      #expect(least >= max(upload, compute) && least <= upload + compute)
    }
    // Nothing computes before the embedding is there, a fifth of the bytes, nor the head before everything is.
    let share = floor(upload: 1, compute: 100) - 100
    #expect(share > 0.15 && share < 0.25)
    #expect(floor(upload: 100, compute: 1) < 101)
  }

  @Test func aRowOfTheHeadCountsOnce() {
    // With one row the head is a part of the computation, and waits for all of the upload.
    let (one, many) = (
      floor(rows: 1, upload: 100, compute: 1), floor(rows: 1000, upload: 100, compute: 1)
    )
    #expect(one > many && many >= 100)
  }
}
