import Testing

@testable import FerryOperations

@Suite struct ScratchTests {
  @Test func beginsWithALineOfTheCache() {
    let memories = (1..<200).map { Scratch<UInt8>(count: $0 * 24) }
    let addresses = memories.map { UInt(bitPattern: $0.start) }
    #expect(addresses.allSatisfy { $0.isMultiple(of: 64) })
  }
}
