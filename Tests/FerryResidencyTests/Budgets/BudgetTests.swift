import FerryDevices
import Testing

@testable import FerryResidency

@Suite struct BudgetTests {
  @Test func anAmountIsWhatItIsWhereTheDriverDoesNotTell() {
    let unknown = DeviceMemory(total: 1000, free: nil)
    #expect(DeviceBudget(.bytes(600)).capacity(of: unknown, held: 0) == 600)
    #expect(DeviceBudget(.share(0.25), headRoom: 50).capacity(of: unknown, held: 0) == 250)
    #expect(DeviceBudget(.bytes(600)).capacity(of: nil, held: 0) == 600)
  }

  @Test func whatOthersUseIsNotThere() {
    let budget = DeviceBudget(.bytes(800), headRoom: 100)
    // 300 are ours, 400 others': 300 more are free, of which 100 stay so.
    let memory = DeviceMemory(total: 1000, free: 300)
    #expect(budget.capacity(of: memory, held: 300) == 500)
    #expect(budget.capacity(of: memory, held: 300, retained: 50) == 550)
    #expect(budget.capacity(of: DeviceMemory(total: 1000, free: 1000), held: 0) == 800)
    #expect(budget.capacity(of: DeviceMemory(total: 1000, free: 20), held: 0) == 0)
  }

  @Test func aPoolAsksBeforeEachLoad() async throws {
    let free = Shared(100)
    let budget = DeviceBudget(.bytes(1000))
    let pool = ResidencyPool { held in
      budget.capacity(of: DeviceMemory(total: 1000, free: free.change { $0 }), held: held)
    }
    let (a, b) = (FakeMember(100), FakeMember(100))
    try await pool.register("a", a)
    try await pool.register("b", b)
    try await pool.withModel("a") { _ in free.change { $0 = 0 } }
    // Another process took the rest: one of the two has to go.
    try await pool.withModel("b") { _ in }
    #expect(a.residentBytes == 0 && b.residentBytes == 100)
    free.change { $0 = 100 }
    try await pool.withModel("a") { _ in }
    #expect(a.residentBytes == 100 && b.residentBytes == 100)
  }

  @Test func theHostGivesAPartOfWhatIsAvailable() {
    let memory = DeviceMemory(total: 1000, free: 400)
    #expect(HostBudget.standard.grants(200, of: memory))
    #expect(!HostBudget.standard.grants(201, of: memory))
    #expect(!HostBudget.standard.grants(1, of: nil))
    #expect(!HostBudget.standard.grants(1, of: DeviceMemory(total: 1000, free: nil)))
  }
}
