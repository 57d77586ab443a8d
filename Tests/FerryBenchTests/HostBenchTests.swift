import FerryFormats
import Testing

@testable import ferry_bench

/// The benchmarks of the CPU, in small sizes: everything is measured, under the names that the peers' script uses.
@Suite struct HostBenchTests {
  private static let roofs = HostRoofs(
    memory: MemoryRates(readRate: 4e9, fillRate: 3e9, copyRate: 2e9),
    rates: [.f32Lanes4: 1e9, .bf16: 4e9])

  @Test(arguments: HostCommand.Section.allCases)
  func everySectionMeasuresAllOfIt(_ section: HostCommand.Section) async throws {
    let open = try OpenDevice.host(scale: .small)
    let bench = HostBench(open, Self.roofs, try open.makeOperations(), rows: [1, 3])
    var figures: [Figure] = []
    try await bench.measure(section) { figures += $0 }
    #expect(!figures.isEmpty)
    for figure in figures {
      #expect((figure.value ?? 0) > 0, "\(figure.name): \(figure.verdict)")
    }
    #expect(Set(figures.map(\.name)).count == figures.count)
  }

  @Test func roofsAreMeasured() throws {
    let roofs = try HostRoofs(byteCount: 4 << 20, rounds: 2)
    for memory in [roofs.memory, try #require(roofs.memoryNow)] {
      #expect(memory.readRate > 1e8 && memory.fillRate > 1e8 && memory.copyRate > 1e8)
    }
    #expect(roofs.rates.keys.contains(.f32Lanes4))
    #expect(roofs.rates.values.allSatisfy { $0 > 1e8 })
    #expect(roofs.figures.count == 3 + HostArithmetic.available.count)
  }

  @Test func aRunIsHeldAgainstWhatIsSlower() {
    let reading = Self.roofs.figure("a", 1, reading: 2_000_000_000, operations: 1e8, of: .f32)
    #expect(reading.value == 0.5)
    let computing = Self.roofs.figure("b", 1, reading: 4, operations: 1e9, of: .bf16)
    #expect(computing.value == 0.25)
    let missing = Self.roofs.figure("c", 1, reading: 4, operations: 1e9, of: .int8)
    #expect(missing.value == 0.25, "without instructions of its own, the fastest there are")
    #expect(Self.roofs.figure("d", 1, moving: 1_000_000_000).value == 0.5)
  }

  @Test func aCodingIsBoundByReadingOrByWriting() {
    let memory = MemoryRates(readRate: 4e9, fillRate: 1e9, copyRate: 2e9)
    #expect(
      memory.bound(reading: 1_000_000_000, writing: 2_000_000_000, in: 4)
        == "writing alone, at 1 GB/s, is 0.5 of it")
    #expect(
      memory.bound(reading: 8_000_000_000, writing: 1, in: 4)
        == "reading alone, at 4 GB/s, is 0.5 of it")
    let best = memory.best(MemoryRates(readRate: 1e9, fillRate: 2e9, copyRate: 3e9))
    #expect(best.readRate == 4e9 && best.fillRate == 2e9 && best.copyRate == 3e9)
  }

  @Test func typesOfActivationsAreInTheNames() {
    let cell = LinearCell(kind: .nf4, outputs: 4096, inputs: 4096, rows: 16, elementType: .f32)
    #expect(cell.name == "linear NF4 4096×4096 f32, M = 16")
    #expect(cell.byteCount == cell.weightByteCount + 4 * 16 * 8192)
    let plain = LinearCell(kind: .f32, outputs: 4, inputs: 8, rows: 1, elementType: .f32)
    #expect(plain.name == "linear f32 4×8, M = 1")
  }
}
