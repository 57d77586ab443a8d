/// How many of each kind of thing a driver has given out and not got back.
package struct DoubleCensus: Hashable, Sendable {
  /// `cuMemAlloc`
  package var allocations = 0
  /// `cuMemAddressReserve`
  package var reservations = 0
  /// `cuMemMap`
  package var mappings = 0
  /// `cuMemCreate`
  package var physicalMemories = 0
  /// `cuMemHostRegister`
  package var registrations = 0
  /// `cuStreamCreate`
  package var streams = 0
  /// `cuEventCreate`
  package var events = 0
  /// Graphs, and what was instantiated of them.
  package var graphs = 0
  /// `cuModuleLoadData`
  package var modules = 0
  /// How often primary contexts are retained.
  package var contexts = 0
  /// Handles, descriptions, layouts and preferences of cuBLASLt.
  package var blasObjects = 0
  /// Contexts pushed and not popped, over all threads.
  package var currentContexts = 0
  /// The bytes in use on each device.
  package var bytes: [Int] = []

  /// What there is, in words: "2 streams".
  package var remainders: [String] {
    let counts = [
      (allocations, "allocations"), (reservations, "reservations"), (mappings, "mappings"),
      (physicalMemories, "physical memories"), (registrations, "registrations"),
      (streams, "streams"), (events, "events"), (graphs, "graphs"), (modules, "modules"),
      (contexts, "contexts"), (blasObjects, "objects of cuBLASLt"),
      (currentContexts, "pushed contexts"),
    ]
    return counts.filter { $0.0 != 0 }.map { "\($0.0) \($0.1) left" }
  }
}
