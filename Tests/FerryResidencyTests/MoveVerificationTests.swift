import FerryDeviceTesting
import FerryDevices
import FerryResidency
import FerryTensors
import Testing

@Suite("Verification")
struct MoveVerificationTests {
  /// Flips a byte of a part on the device, as a broken device would.
  private func damage(_ weights: ResidentWeights, segment: Int) async throws {
    try await weights.withStep { step in
      let view = try step.acquire(segment: segment).weights[0].payload
      var byte: [UInt8] = [0]
      try byte.withUnsafeMutableBytes {
        try step.context.download.download(view[3, count: 1], to: $0)
      }
      try step.context.download.synchronize()
      byte[0] ^= 4
      try byte.withUnsafeBytes { try step.context.upload.upload($0, to: view[3, count: 1]) }
      try step.context.upload.synchronize()
    }
  }

  @Test("names the segment of a byte that was damaged on the way, and nothing moves")
  func damagedOnTheWay() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    let part = model.layout.segments[2].parts[0]
    places.backends[0].flipByte(part.imageOffset % 4096, ofUpload: part.imageOffset / 4096 + 1)
    let error = await #expect(throws: ResidencyError.self) {
      try await weights.move(to: places.devices[0], options: .quiet(verify: true))
    }
    #expect(error?.code == .verificationFailed)
    #expect(error?.message.contains("layers.1") == true, "\(String(describing: error))")
    #expect(weights.device == .cpu && places.devices[0].bytesInUse == 0)
    try await weights.move(to: places.devices[0], options: .quiet(verify: true))
    #expect(try await model.matches(weights))
  }

  @Test(
    "finds one flipped byte on the device, with a host copy and without", arguments: [true, false])
  func damagedOnDevice(keeping: Bool) async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    try await weights.move(
      to: places.devices[0], options: .quiet(keepingHostCopy: keeping, verify: true))
    try await damage(weights, segment: 4)
    let sums = try await weights.checksums()
    #expect(
      zip(sums, model.checksums).map { $0 == $1 } == [true, true, true, true, false, true, true])
    for target in [places.host, places.devices[1]] {
      let error = await #expect(throws: ResidencyError.self) {
        try await weights.move(to: target, options: .quiet(verify: true))
      }
      #expect(error?.code == .verificationFailed)
      #expect(error?.message.contains("layers.3") == true)
      #expect(weights.context === places.devices[0])
    }
    #expect(places.devices[1].bytesInUse == 0 && places.host.bytesInUse == 0)
  }

  @Test("gives the same number for the same weights wherever they go")
  func checksum() async throws {
    let places = try TestPlaces()
    let model = try TestModel(.nestedAndTied, scrambled: true)
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    let route = [places.devices[0], places.host, places.devices[1], places.devices[0], places.host]
    for (index, target) in route.enumerated() {
      let report = try await weights.move(
        to: target, options: .quiet(keepingHostCopy: index < 2, verify: true))
      #expect(report.checksum == ResidentWeights.combined(model.checksums))
    }
    let unverified = try await weights.move(to: places.devices[0], options: .quiet())
    #expect(unverified.checksum == nil)
  }
}

@Suite("A mapped file that changes")
struct ChangedFileTests {
  @Test("before the move is an error, and the target stays as it was")
  func before() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    try model.touch()
    let error = await #expect(throws: TensorError.self) {
      try await weights.move(to: places.devices[0], options: .quiet())
    }
    #expect(error?.code == .fileChanged)
    #expect(places.devices[0].bytesInUse == 0 && weights.device == .cpu)
  }

  @Test("or is truncated at any chunk of the move is an error", arguments: [true, false])
  func during(truncated: Bool) async throws {
    for number in 1..<12 {
      let places = try TestPlaces()
      let model = try TestModel()
      let weights = ResidentWeights(try model.mapped(), mover: places.mover)
      let log = ProgressLog()
      let error = await #expect(throws: TensorError.self) {
        try await weights.move(to: places.devices[0], options: .quiet()) { progress in
          log.append(progress)
          guard log.values.count == number else { return }
          if truncated { model.truncate(to: 10) } else { try? model.touch() }
        }
      }
      #expect(error?.code == .fileChanged)
      #expect(places.devices[0].bytesInUse == 0 && weights.device == .cpu)
    }
  }

  @Test("while the weights are on a device: they come from there, and the report says so")
  func whileAway() async throws {
    for toHost in [true, false] {
      let places = try TestPlaces()
      let model = try TestModel()
      let weights = ResidentWeights(try model.mapped(), mover: places.mover)
      try await weights.move(to: places.devices[0], options: .quiet())
      model.truncate(to: 100)
      #expect(try await model.matches(weights))
      let target = toHost ? places.host : places.devices[1]
      let report = try await weights.move(to: target, options: .quiet(verify: true))
      #expect(report.bytes == model.layout.byteCount)
      #expect(report.hostCopyFailure?.code == .fileChanged)
      #expect(report.hostStorage == (toHost ? .pageable : nil))
      #expect(try await weights.checksums() == model.checksums)
      #expect(try await model.matches(weights))
    }
  }

  @Test("is an error, never a fault, at the next step on the CPU", arguments: [true, false])
  func step(truncated: Bool) async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    let copy = try await weights.copy()
    try await weights.withStep { _ = try $0.acquire(segment: 1) }
    if truncated { model.truncate(to: 10) } else { try model.touch() }
    for weights in [weights, copy] {
      let error = await #expect(throws: TensorError.self) {
        try await weights.withStep { step in
          let bytes = try step.acquire(segment: 1).weights[0].payload.hostBytes
          Issue.record("computed with \(bytes?.first ?? 0)")
        }
      }
      #expect(error?.code == .fileChanged)
    }
  }

  @Test("does not stop steps on a device, or on the CPU with weights from there")
  func stepsElsewhere() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    try await weights.move(to: places.devices[0], options: .quiet())
    model.truncate(to: 10)
    try await weights.withStep { _ = try $0.acquire(segment: 1) }
    try await weights.move(to: places.host, options: .quiet())
    try await weights.withStep { _ = try $0.acquire(segment: 1) }
  }

  @Test("is an error of a move in full precision")
  func transcoded() async throws {
    let places = try TestPlaces()
    let model = try TestModel(.plain)
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    try model.touch()
    let error = await #expect(throws: TensorError.self) {
      try await weights.move(
        to: places.devices[0], strategy: .requantize(TestTranscoding()), options: .quiet())
    }
    #expect(error?.code == .fileChanged)
    #expect(places.devices[0].bytesInUse == 0)
  }

  @Test("is an error, never a fault, when checksums are computed or a segment is saved")
  func reading() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    model.truncate(to: 5)
    await #expect(throws: TensorError.self) { _ = try await weights.checksums() }
    await #expect(throws: TensorError.self) {
      try await weights.withHostBytes(ofSegment: 1) { _ in }
    }
  }
}
