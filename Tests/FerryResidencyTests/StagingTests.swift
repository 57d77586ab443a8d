import FerryDeviceTesting
import FerryDevices
import FerryResidency
import FerryTensors
import Testing

@Suite("Staging")
struct StagingTests {
  private let asIs = MoveOptions.quiet(keepingHostCopy: false, hostCopy: .asIs)

  @Test(
    "carries every byte each way, whatever the numbers of readers and chunks",
    arguments: [1, 3], [1, 2, 3, 7])
  func everyByte(readerCount: Int, chunkCount: Int) async throws {
    let places = try TestPlaces(
      chunk: 1000, readerCount: readerCount, chunkCount: chunkCount, able: true)
    let model = try TestModel(scrambled: true)
    do {
      for image in [try model.mapped(), try model.pageable(places.host)] {
        let weights = ResidentWeights(image, mover: places.mover)
        for target in [places.devices[0], places.devices[1], places.host, places.devices[1]] {
          try await weights.move(to: target, options: asIs)
          #expect(try await weights.checksums() == model.checksums)
          #expect(try await model.matches(weights))
        }
        try await weights.move(to: places.host, options: asIs)
        #expect(weights.hostStorage == .pageable)
      }
    }
    // The ring, and no image.
    #expect(places.backends.reduce(0) { $0 + $1.registeredBytes } <= 2 * chunkCount * 4096)
    try places.expectNothingLeft()
  }

  @Test("memory is registered once for all moves, and given back on request")
  func kept() async throws {
    let places = try TestPlaces(chunkCount: 4, able: true)
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    let keeping = MoveOptions.quiet(hostCopy: .asIs)
    try await weights.move(to: places.devices[0], options: keeping)
    #expect(weights.hostStorage == .mapped)
    #expect(places.backends[0].count(of: .registration) == 4)
    #expect(places.backends[0].pinnedBytes >= model.layout.byteCount)
    for target in [places.devices[1], places.host, places.devices[0]] {
      try await weights.move(to: target, options: keeping)
    }
    #expect(places.backends.map { $0.count(of: .registration) } == [4, 0])
    #expect(places.hostBackend.count(of: .allocation) == 4)
    #expect(places.host.bytesInUse == 4 * 4096)
    places.mover.trim()
    #expect(places.host.bytesInUse == 0 && places.backends[0].registeredBytes == 0)
  }

  @Test("memory that the driver refuses is pageable and not kept")
  func refused() async throws {
    let places = try TestPlaces(able: true)
    let model = try TestModel()
    places.backends[0].fail(.registration, repeatedly: true)
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    try await weights.move(to: places.devices[0], options: asIs)
    #expect(try await weights.checksums() == model.checksums)
    #expect(places.host.bytesInUse == 0)
  }

  @Test("that fails or is cancelled leaves nothing running and nothing behind", arguments: [1, 3])
  func failures(readerCount: Int) async throws {
    for call in [DeviceCall.upload, .download, .registration, .allocation] {
      for isUpload in [true, false] {
        let places = try TestPlaces(readerCount: readerCount, chunkCount: 3, able: true)
        let model = try TestModel()
        do {
          let weights = ResidentWeights(try model.mapped(), mover: places.mover)
          if !isUpload { try await weights.move(to: places.devices[0], options: asIs) }
          let target = isUpload ? places.devices[0] : places.host
          let backend = call == .allocation ? places.hostBackend : places.backends[0]
          let failures = try await MoveFailureTests.failEach(
            call, of: backend, weights, model, places, to: target, options: asIs)
          let matters = call == .allocation || call == (isUpload ? .upload : .download)
          #expect((failures > 0) == matters, "\(call) \(isUpload)")
        }
        try places.expectNothingLeft()
      }
    }
  }

  @Test("reads files that change meanwhile as errors, from any thread")
  func truncated() async throws {
    let places = try TestPlaces(readerCount: 3, chunkCount: 5, able: true)
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    await #expect(throws: TensorError.self) {
      try await weights.move(to: places.devices[0], options: asIs) { _ in model.truncate(to: 10) }
    }
    #expect(places.devices[0].bytesInUse == 0)
    #expect(weights.device == .cpu)
  }

  @Test("is not needed between devices that reach each other")
  func peers() async throws {
    let places = try TestPlaces(able: true)
    let model = try TestModel()
    do {
      let weights = ResidentWeights(try model.mapped(), mover: places.mover)
      try await weights.move(to: places.devices[0], options: asIs)
      places.mover.trim()
      let uploads = places.backends.map { $0.count(of: .upload) }
      let report = try await weights.move(
        to: places.devices[1], options: .quiet(keepingHostCopy: false, verify: true))
      #expect(report.bytes == model.layout.byteCount)
      #expect(places.backends.map { $0.count(of: .upload) } == uploads)
      #expect(places.backends.map { $0.count(of: .download) } == [0, 0])
      #expect(places.backends[1].count(of: .copy) > 0 && places.host.bytesInUse == 0)
      let failures = try await MoveFailureTests.failEach(
        .copy, of: places.backends[0], weights, model, places, to: places.devices[0], options: asIs)
      #expect(failures > 0)
      #expect(try await weights.checksums() == model.checksums)
    }
    try places.expectNothingLeft()
  }
}
