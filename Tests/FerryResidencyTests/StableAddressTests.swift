import FerryDeviceTesting
import FerryDevices
import FerryResidency
import FerryTensors
import Testing

@Suite("The addresses of a model on a device that keeps them")
struct StableAddressTests {
  /// Where every part of every weight lies.
  private func addresses(_ weights: ResidentWeights) async throws -> [UInt] {
    let layout = weights.layout
    return try await weights.withStep { step in
      try layout.segments.flatMap { segment in
        let resident = try step.acquire(segment: segment.index)
        return resident.weights.flatMap { $0.parts.map { $0.handle.rawValue + UInt($0.offset) } }
      }
    }
  }

  @Test(
    "are the same at every restore, released or retained or trimmed",
    arguments: TestModel.Kind.allCases.filter { $0 != .empty })
  func same(kind: TestModel.Kind) async throws {
    let places = try TestPlaces(maximumAllocation: 40_960, able: true)
    let model = try TestModel(kind)
    do {
      let weights = ResidentWeights(try model.mapped(), mover: places.mover)
      try await weights.move(to: places.devices[0], options: .quiet())
      let addresses = try await addresses(weights)
      for (round, mode) in [MoveOptions.Mode.release, .retain, .retain, .release].enumerated() {
        try await weights.move(to: places.host, options: .quiet(mode: mode))
        #expect(places.devices[0].bytesInUse == 0)
        #expect((places.devices[0].bytesRetained > 0) == (mode == .retain))
        if round == 1 { places.devices[0].trim() }
        try await weights.move(to: places.devices[1], options: .quiet(keepingHostCopy: round > 1))
        let commitments = places.backends[0].count(of: .commitment)
        try await weights.move(to: places.devices[0], options: .quiet())
        #expect(try await self.addresses(weights) == addresses)
        #expect((places.backends[0].count(of: .commitment) == commitments) == (round == 2))
        #expect(places.devices[0].bytesHeld == places.backends[0].liveBytes)
        #expect(try await weights.checksums() == model.checksums)
        #expect(try await model.matches(weights))
      }
    }
    try places.expectNothingLeft()
  }

  @Test("are others while somebody holds a segment, which stays whole")
  func held() async throws {
    let places = try TestPlaces(able: true)
    let model = try TestModel(.plain)
    do {
      let weights = ResidentWeights(try model.mapped(), mover: places.mover)
      try await weights.move(to: places.devices[0], options: .quiet())
      let held = try await weights.withStep { try $0.acquire(segment: 0) }
      let bytes = try TestBytes.read(held.weights[0].payload, in: places.devices[0])
      try await weights.move(to: places.host, options: .quiet())
      try await weights.move(to: places.devices[0], options: .quiet())
      let now = try await weights.withStep { try $0.acquire(segment: 0) }
      #expect(now.weights[0].payload.handle != held.weights[0].payload.handle)
      #expect(try TestBytes.read(held.weights[0].payload, in: places.devices[0]) == bytes)
      #expect(try await weights.checksums() == model.checksums)
    }
    try places.expectNothingLeft()
  }

  @Test("are given up after any failure of the first move", arguments: [true, false])
  func failures(isFirst: Bool) async throws {
    for call in [DeviceCall.reservation, .commitment, .upload, .checksum] {
      let places = try TestPlaces(maximumAllocation: 40_960, able: true)
      let model = try TestModel()
      do {
        let weights = ResidentWeights(try model.mapped(), mover: places.mover)
        if !isFirst {
          try await weights.move(to: places.devices[0], options: .quiet())
          try await weights.move(to: places.host, options: .quiet())
        }
        let failures = try await MoveFailureTests.failEach(
          call, of: places.backends[0], weights, model, places, to: places.devices[0],
          options: .quiet(verify: true))
        #expect((failures > 0) == (isFirst || call != .reservation))
        #expect(try await model.matches(weights))
      }
      try places.expectNothingLeft()
    }
  }
}
