import Testing

@testable import FerryDevices

@Suite struct ByteCountTests {
  @Test(
    "sizes are read as people write them",
    arguments: [
      ("4096", 4096), ("5GB", 5_000_000_000), ("100 MB", 100_000_000), ("1GiB", 1 << 30),
      ("2tib", 2 << 40), ("1.5kB", 1500), ("9007199254740993", 9_007_199_254_740_993),
      ("9223372036854775807", Int.max),
    ])
  func reads(_ text: String, _ bytes: Int) { #expect(ByteCount(text)?.bytes == bytes) }

  @Test(
    "what is no size is none",
    arguments: [
      "", "GB", "0", "0.4", "-1", "5 apples", "1e3", "5GB/s", "9223372036854775808", "10000000TB",
      "٣", "50%",
      ".", "1.2.3MB",
    ])
  func refuses(_ text: String) { #expect(ByteCount(text) == nil) }

  @Test(
    arguments: [
      (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1234, "1.23 kB"), (98_400_000, "98.4 MB"),
      (100_000_000, "100 MB"), (122_899_200, "122.9 MB"), (5_000_000_000, "5 GB"),
      (999_960, "1 MB"),
      (Int.max, "9223372 TB"),
    ])
  func isSpelledInDecimalUnits(_ bytes: Int, _ text: String) {
    #expect("\(ByteCount(bytes: bytes))" == text)
  }

  @Test("columns keep zeros") func columns() {
    #expect(ByteCount(bytes: 5_000_000_000).inColumns == "5.00 GB")
    #expect(ByteCount(bytes: 100_000_000).inColumns == "100.0 MB")
  }

  @Test("sizes that are compared look different where they are")
  func compared() {
    #expect(ByteCount.spelled(122_899_200, 100_000_000) == ["122.9 MB", "100 MB"])
    #expect(ByteCount.spelled(100_000_001, 100_000_000) == ["100.000001 MB", "100 MB"])
    #expect(ByteCount.spelled(999_999_999_999, 1_000_000_000_000) == ["999.999999999 GB", "1 TB"])
    #expect(ByteCount.spelled(5, 5, 7) == ["5 B", "5 B", "7 B"])
    #expect(ByteCount.spelled(Int.max, Int.max - 1).count == 2)
    #expect(Set(ByteCount.spelled(Int.max, Int.max - 1)).count == 2)
  }

  @Test(
    arguments: [
      ("50%", MemoryAmount.share(0.5)), ("100 %", .share(1)), ("24GB", .bytes(24_000_000_000)),
      ("100 MB", .bytes(100_000_000)),
    ])
  func amountsAreSizesOrShares(_ text: String, _ amount: MemoryAmount) {
    #expect(MemoryAmount(text) == amount)
  }

  @Test(arguments: ["0%", "101%", "%", "-5%", "5 0%", "nan%", "half", ""])
  func otherAmountsAreNone(_ text: String) { #expect(MemoryAmount(text) == nil) }
}
