import FerryFormats
import Testing

@testable import ferry_bench

/// The benchmarks of the CPU, in small sizes: everything is measured, under the names that the peers' script uses.
@Suite struct HostBenchTests {
  private static let roofs = HostRoofs(
    readRate: 4e9, copyRate: 2e9, rates: [.f32Lanes4: 1e9, .bf16: 4e9])

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
    #expect(roofs.readRate > 1e8 && roofs.copyRate > 1e8)
    #expect(roofs.rates.keys.contains(.f32Lanes4))
    #expect(roofs.rates.values.allSatisfy { $0 > 1e8 })
    #expect(roofs.figures.count == 2 + HostArithmetic.available.count)
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

  @Test func typesOfActivationsAreInTheNames() {
    let cell = LinearCell(kind: .nf4, outputs: 4096, inputs: 4096, rows: 16, elementType: .f32)
    #expect(cell.name == "linear NF4 4096×4096 f32, M = 16")
    #expect(cell.byteCount == cell.weightByteCount + 4 * 16 * 8192)
    let plain = LinearCell(kind: .f32, outputs: 4, inputs: 8, rows: 1, elementType: .f32)
    #expect(plain.name == "linear f32 4×8, M = 1")
  }
}
