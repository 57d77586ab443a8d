import FerryDeviceTesting
import FerryDevices
import FerryTensors
import Testing

@testable import FerryResidency

@Suite(.timeLimit(.minutes(10))) struct PagedWeightsTests {
  /// Weights in pages of 8 KiB, mapped or in memory, on a device that is able or not.
  private struct Setup {
    let places: TestPlaces
    let model: TestModel
    let weights: PagedWeights
    var device: DeviceContext { places.devices[0] }

    init(places: TestPlaces, model: TestModel, weights: PagedWeights) {
      (self.places, self.model, self.weights) = (places, model, weights)
    }

    init(_ kind: TestModel.Kind = .mixed, able: Bool, mapped: Bool = true) throws {
      places = try TestPlaces(able: able)
      model = try TestModel(kind)
      weights = PagedWeights(
        try mapped ? model.mapped() : model.pageable(places.host), on: places.devices[0],
        mover: places.mover, pageByteCount: 8192)
    }
  }

  @Test(arguments: TestModel.Kind.allCases, [false, true])
  func everySubsetHasItsBytes(_ kind: TestModel.Kind, able: Bool) async throws {
    let setup = try Setup(kind, able: able)
    let (weights, pages) = (setup.weights, Array(setup.weights.slabs.indices))
    let odd = pages.filter { $0 % 2 == 1 }
    for subset in [odd, pages.filter { $0 % 2 == 0 }] {
      #expect(try await weights.bring(subset, control: LoadControl()) {} == subset)
      try await expectBytes(setup, of: subset)
    }
    try await expectBytes(setup, of: pages)
    try await weights.giveUp(odd)
    for page in odd {
      let segments = weights.slabs[page].segments
      await #expect(throws: ResidencyError.self) {
        for segment in segments {
          try await weights.withStep { step in _ = try step.acquire(segment: segment) }
        }
        if segments.isEmpty { throw ResidencyError(.absent, "a page without segments") }
      }
    }
    try await weights.giveUp(pages.filter { $0 % 2 == 0 })
    try setup.device.drain()
    #expect(setup.device.bytesInUse == 0)
  }

  @Test func theFirstWholeLoadRegistersTheHostImage() async throws {
    let setup = try Setup(able: true)
    let pages = Array(setup.weights.slabs.indices)
    _ = try await setup.weights.bring(pages, control: LoadControl()) {}
    #expect(setup.weights.hostStorage == .pinned)
    try await setup.weights.giveUp(pages)
    // The file is not read again: the bytes come from memory.
    try setup.model.touch()
    _ = try await setup.weights.bring(pages, control: LoadControl()) {}
    try await expectBytes(setup, of: pages)
  }

  @Test(arguments: [true, false])
  func whatIsStreamedIsHeldInMemory(isPinningGranted: Bool) async throws {
    let budget = PinnedBudget(.bytes(isPinningGranted ? 1 << 30 : 0))
    let places = try TestPlaces(able: true, pins: HostPins(budget: budget))
    let model = try TestModel()
    let weights = PagedWeights(
      try model.mapped(), on: places.devices[0], mover: places.mover, pageByteCount: 8192)
    let ring = try #require(RingPlan(weights.segmentBytes, room: leastRoom(weights)))
    try await weights.setRing(ring.ring) { _ in }
    _ = try await weights.bring(ring.kept, control: LoadControl()) {}
    #expect(weights.hostStorage == (isPinningGranted ? .pinned : .pageable))
    // The file is not read any more.
    try model.touch()
    let setup = Setup(places: places, model: model, weights: weights)
    for _ in 0..<2 { try await expectBytesOfAPass(setup) }
    try await weights.setRing(nil) { _ in }
    try await weights.giveUp(ring.kept)
    try places.devices[0].drain()
    #expect(places.devices[0].bytesInUse == 0)
  }

  @Test func whereRegisteringIsRefusedTheImageIsHeldInMemory() async throws {
    let places = try TestPlaces(able: true, pins: HostPins(budget: PinnedBudget(.bytes(0))))
    let model = try TestModel()
    let weights = PagedWeights(
      try model.mapped(), on: places.devices[0], mover: places.mover, pageByteCount: 8192)
    let pages = Array(weights.slabs.indices)
    _ = try await weights.bring(pages, control: LoadControl()) {}
    #expect(weights.hostStorage == .pageable)
    try await weights.giveUp(pages)
    try model.touch()
    _ = try await weights.bring(pages, control: LoadControl()) {}
    try await expectBytes(weights, model, of: pages)
  }

  @Test func pagesComeBackToTheirAddresses() async throws {
    let setup = try Setup(able: true)
    let pages = Array(setup.weights.slabs.indices)
    _ = try await setup.weights.bring(pages, control: LoadControl()) {}
    let before = try await handles(setup)
    try await setup.weights.giveUp(pages)
    _ = try await setup.weights.bring(pages.reversed().sorted(), control: LoadControl()) {}
    #expect(try await handles(setup) == before)
  }

  @Test(arguments: [false, true]) func aFailedLoadLeavesNothing(able: Bool) async throws {
    let setup = try Setup(able: able)
    let pages = Array(setup.weights.slabs.indices)
    _ = try await setup.weights.bring([pages[0]], control: LoadControl()) {}
    let before = setup.device.bytesInUse
    for call in 1...4 {
      setup.places.backends[0].fail(.upload, number: call)
      await #expect(throws: DeviceError.self) {
        _ = try await setup.weights.bring(Array(pages[1...]), control: LoadControl()) {}
      }
      setup.places.backends[0].clearFaults()
      try setup.device.drain()
      #expect(setup.device.bytesInUse == before)
    }
    _ = try await setup.weights.bring(Array(pages[1...]), control: LoadControl()) {}
    try await expectBytes(setup, of: pages)
  }

  @Test func aLoadStopsWhereItIsTold() async throws {
    let setup = try Setup(able: false)
    let pages = Array(setup.weights.slabs.indices)
    let control = LoadControl()
    control.stop()
    let came = try await setup.weights.bring(pages, control: control) {}
    #expect(came.count < pages.count)
    try await expectBytes(setup, of: came)
    let rest = Array(pages[came.count...])
    _ = try await setup.weights.bring(rest, control: LoadControl()) {}
    try await expectBytes(setup, of: pages)
  }

  @Test func aStepBeginsBeforeTheLastPageIsThere() async throws {
    let setup = try Setup(able: false)
    let pages = Array(setup.weights.slabs.indices)
    let last = setup.model.layout.segments.count - 1
    let hasStarted = Flag()
    let load = Task {
      try await setup.weights.bring(pages, control: LoadControl()) { hasStarted.raise() }
    }
    try await hasStarted.wait()
    // Whatever has not come is waited for, not refused.
    try await setup.weights.withStep { step in
      for segment in [0, last] { _ = try step.acquire(segment: segment) }
    }
    #expect(try await load.value == pages)
  }

  @Test(arguments: [false, true]) func aFlippedByteIsFound(able: Bool) async throws {
    let places = try TestPlaces(able: able)
    let model = try TestModel(.plain)
    let weights = PagedWeights(
      try model.mapped(), on: places.devices[0], mover: places.mover, pageByteCount: 8192,
      verifies: true)
    let pages = Array(weights.slabs.indices)
    places.backends[0].flipByte(100, ofUpload: 2)
    let error = await #expect(throws: ResidencyError.self) {
      _ = try await weights.bring(pages, control: LoadControl()) {}
    }
    #expect(error?.code == .verificationFailed)
    try places.devices[0].drain()
    #expect(places.devices[0].bytesInUse == 0)
    _ = try await weights.bring(pages, control: LoadControl()) {}
    try await expectBytes(weights, model, of: pages)
  }

  /// Where the bytes now lie: a byte that is wrong on the device is seen there, and one that is not there is not.
  @Test(arguments: [false, true]) func checksumsAreOfTheBytesWhereTheyLie(able: Bool) async throws {
    let setup = try Setup(able: able)
    let (weights, expected) = (setup.weights, setup.model.checksums)
    #expect(try await weights.checksums() == expected)
    let backend = setup.places.backends[0]
    let pages = Array(weights.slabs.indices)
    backend.flipByte(0, ofUpload: 1)
    _ = try await weights.bring([pages[1]], control: LoadControl()) {}
    let damaged = try await weights.checksums()
    let different = expected.indices.filter { damaged[$0] != expected[$0] }
    #expect(different.count == 1 && weights.slabs[1].segments.contains(different.first ?? -1))
    try await weights.giveUp([pages[1]])
    #expect(try await weights.checksums() == expected)
    _ = try await weights.bring(pages, control: LoadControl()) {}
    #expect(try await weights.checksums() == expected)
  }

  @Test func aChangedFileIsAnError() async throws {
    let setup = try Setup(able: false)
    try setup.model.touch()
    await #expect(throws: TensorError.self) {
      _ = try await setup.weights.bring([0], control: LoadControl()) {}
    }
    #expect(setup.device.bytesInUse == 0)
  }

  @Test func aPoolSwapsWhatDoesNotFitTogether() async throws {
    let places = try TestPlaces(able: true)
    let models = try [TestModel(.mixed), TestModel(.plain), TestModel(.manySmall)]
    let weights = try models.map {
      PagedWeights(
        try $0.mapped(), on: places.devices[0], mover: places.mover, pageByteCount: 4096)
    }
    let sizes = weights.map { $0.segmentBytes.reduce(0, +) }
    let budget = max(sizes.reduce(0, +) * 6 / 10, sizes.max() ?? 0)
    let pool = ResidencyPool { _ in budget }
    for (number, weights) in weights.enumerated() { try await pool.register("\(number)", weights) }
    for number in [0, 1, 2, 0, 2, 1, 1, 0] {
      try await pool.withModel("\(number)") { member in
        guard let paged = member as? PagedWeights else { return }
        try await expectBytes(paged, models[number], of: Array(paged.slabs.indices))
        #expect(places.devices[0].bytesInUse <= budget)
      }
    }
    for number in 0..<3 { try await pool.unload("\(number)") }
    try places.devices[0].drain()
    #expect(places.devices[0].bytesInUse == 0)
  }

  @Test(arguments: [TestModel.Kind.mixed, .plain, .manySmall], [false, true])
  func whatNeverFitsGoesThroughARing(_ kind: TestModel.Kind, able: Bool) async throws {
    let setup = try Setup(kind, able: able)
    let all = setup.weights.segmentBytes.reduce(0, +)
    let ring = leastRoom(setup.weights)
    let budget = min(all - 1, ring + (all - ring) / 2)
    guard budget >= ring else { return }
    let pool = ResidencyPool { _ in budget }
    try await pool.register("large", setup.weights)
    for _ in 0..<3 {
      try await pool.withModel("large") { _ in
        #expect(setup.device.bytesInUse <= budget)
        for _ in 0..<2 { try await expectBytesOfAPass(setup) }
      }
    }
    try await pool.unload("large")
    try setup.device.drain()
    #expect(setup.device.bytesInUse == 0)
  }

  @Test func pagesSuitTheBudget() {
    #expect(PagedWeights.pageByteCount(within: 220_000_000) == 220_000_000 / 64)
    #expect(PagedWeights.pageByteCount(within: 24_000_000_000) == 64 << 20)
    #expect(PagedWeights.pageByteCount(within: 1000) == 1 << 20)
    #expect(PagedWeights.pageByteCount(within: 220_000_000, granularity: 2 << 20) == 16 << 20)
  }

  @Test func aModelThatGotItsRoomBackLeavesTheRing() async throws {
    let setup = try Setup(able: true)
    let all = setup.weights.segmentBytes.reduce(0, +)
    let ring = leastRoom(setup.weights)
    let capacity = Shared(ring)
    let pool = ResidencyPool { _ in capacity.change { $0 } }
    try await pool.register("model", setup.weights)
    try await pool.withModel("model") { _ in try await expectBytesOfAPass(setup) }
    #expect(try await pool.residentBytes(of: "model") == 0)
    try await pool.park("model")
    capacity.change { $0 = all }
    try await pool.withModel("model") { _ in try await expectBytesOfAPass(setup) }
    #expect(try await pool.residentBytes(of: "model") == all)
    // And with less room than it has, it gives up what is too much.
    try await pool.park("model")
    capacity.change { $0 = all - 1 }
    try await pool.withModel("model") { _ in try await expectBytesOfAPass(setup) }
    #expect(setup.device.bytesInUse <= all - 1)
    try await pool.unload("model")
  }

  /// The smallest room in which weights run.
  private func leastRoom(_ weights: PagedWeights) -> Int {
    RingPlan.leastBytes(weights.segmentBytes)
  }

  // MARK: looking at the bytes

  /// Goes through all segments in order, as a forward pass does, and compares each before the next.
  private func expectBytesOfAPass(_ setup: Setup) async throws {
    let (weights, model) = (setup.weights, setup.model)
    let isSame = try await weights.withStep { step in
      try model.layout.segments.indices.allSatisfy { number in
        let segment = model.layout.segments[number]
        let found = try step.acquire(segment: number)
        return try segment.entries.allSatisfy { entry in
          try found[entry].parts.enumerated().allSatisfy { index, view in
            let part = model.layout.entries[entry].parts[index]
            guard
              let place = segment.parts.firstIndex(where: {
                $0.imageOffset == part.imageOffset && $0.byteCount == part.byteCount
              })
            else { return false }
            return try step.context.bytes(of: view) == model.contents[number][place]
          }
        }
      }
    }
    #expect(isSame)
  }

  private func expectBytes(_ setup: Setup, of pages: [Int]) async throws {
    try await expectBytes(setup.weights, setup.model, of: pages)
  }

  private func expectBytes(
    _ weights: PagedWeights, _ model: TestModel, of pages: [Int]
  ) async throws {
    let segments = pages.flatMap { weights.slabs[$0].segments }
    let isSame = try await weights.withStep { step in
      try segments.allSatisfy { number in
        let segment = model.layout.segments[number]
        _ = try step.acquire(segment: number)
        guard let place = weights.table.place(ofSegment: number) else { return false }
        return try zip(segment.parts, model.contents[number]).allSatisfy { part, expected in
          let view = place.view(of: part, in: segment)
          return try step.context.bytes(of: view) == expected
        }
      }
    }
    #expect(isSame)
  }

  private func handles(_ setup: Setup) async throws -> [DeviceHandle?] {
    setup.model.layout.segments.indices.map { segment in
      guard case .assembled(let view)? = setup.weights.table.place(ofSegment: segment) else {
        return nil
      }
      return view.handle
    }
  }
}
