import FerryDeviceTesting
import FerryDevices
import FerryFormats
import FerryResidency
import FerryTensors
import Testing

@Suite("A move in full precision")
struct TranscodingTests {
  /// A model of properly quantized weights in host memory.
  private func model(_ host: DeviceContext) throws -> WeightImage {
    let formats: [(WeightFormat, [Int])] = [
      (.fourBit(FourBitFormat(.nf4, blockSize: 64, isNested: true)), [33, 65]),
      (.fourBit(FourBitFormat(.fp4, blockSize: 128)), [7, 96]), (.int8Rows, [9, 31]),
      (.dynamic8(blockSize: 256), [5, 77]), (.plain(.bf16), [13]),
      (.fourBit(FourBitFormat(.nf4, blockSize: 64, isNested: true)), [3, 5]),
    ]
    var random = SplitMix(state: 7)
    let segments = try (0..<3).map { _ in
      try formats.map { try QuantizedWeight($0.0, $0.1, &random) }
    }
    return try QuantizedWeight.image(segments, host)
  }

  @Test("goes through registered staging memory where the device gains from that")
  func staged() async throws {
    let places = try TestPlaces(able: true)
    let file = try ZeroFile(count: 4, size: 131_072, perSegment: 2)
    do {
      let weights = ResidentWeights(try WeightImage(mapping: file.layout), mover: places.mover)
      for target in [places.devices[0], places.host, places.devices[0]] {
        let pinned = places.backends[0].pinnedBytes
        let report = try await weights.move(
          to: target, strategy: .requantize(TestTranscoding()), options: .quiet(verify: true))
        #expect(report.pinningSeconds == 0 && report.hostStorage != .pinned)
        #expect(places.backends[0].pinnedBytes - pinned == weights.layout.byteCount)
      }
      #expect(places.backends[0].count(of: .registration) <= 2)
    }
    try places.expectNothingLeft()
  }

  @Test("gives back every byte, on every hop", arguments: [true, false])
  func requantize(keeping: Bool) async throws {
    let places = try TestPlaces(chunk: 1000)
    let transcoding = TestTranscoding()
    let weights = ResidentWeights(try model(places.host), mover: places.mover)
    let checksums = try await weights.checksums()
    for target in [places.devices[0], places.devices[1], places.host, places.devices[0]] {
      let report = try await weights.move(
        to: target, strategy: .requantize(transcoding),
        options: .quiet(keepingHostCopy: keeping, verify: true))
      #expect(report.bytes == weights.layout.fullPrecisionByteCount)
      #expect(try await weights.checksums() == checksums)
      #expect(target === places.host || target.bytesInUse == weights.layout.imageByteCount)
    }
    try await weights.move(to: places.host, options: .quiet(verify: true))
    #expect(try await weights.checksums() == checksums)
    #expect(places.devices.map(\.bytesInUse) == [0, 0])
  }

  @Test("that is lazy encodes a segment at its first use")
  func lazy() async throws {
    let places = try TestPlaces()
    let transcoding = TestTranscoding()
    let weights = ResidentWeights(try model(places.host), mover: places.mover)
    let checksums = try await weights.checksums()
    try await weights.move(
      to: places.devices[0], strategy: .lazy(transcoding), options: .quiet(keepingHostCopy: false))
    #expect(transcoding.encoded(on: .cpu) == 12 && transcoding.encoded(on: .opencl(7)) == 0)
    #expect(places.devices[0].bytesInUse > 2 * weights.layout.imageByteCount)
    for _ in 0..<2 {
      try await weights.withStep { _ = try $0.acquire(segment: 1) }
      #expect(transcoding.encoded(on: .opencl(7)) == 4)
    }
    #expect(try await weights.checksums() == checksums)
    #expect(transcoding.encoded(on: .opencl(7)) == 12)
    try places.devices[0].drain()
    #expect(places.devices[0].bytesInUse == weights.layout.imageByteCount)
  }

  @Test("that is lazy can leave again before its first use", arguments: [true, false])
  func lazyLeaving(keeping: Bool) async throws {
    let places = try TestPlaces()
    let transcoding = TestTranscoding()
    let weights = ResidentWeights(try model(places.host), mover: places.mover)
    let checksums = try await weights.checksums()
    let options = MoveOptions.quiet(keepingHostCopy: keeping)
    try await weights.move(to: places.devices[0], strategy: .lazy(transcoding), options: options)
    try await weights.move(to: places.devices[1], strategy: .lazy(transcoding), options: options)
    try await weights.move(to: places.host, strategy: .lazy(transcoding), options: options)
    let copy = try await weights.copy()
    #expect(try await copy.checksums() == checksums)
    #expect(try await weights.checksums() == checksums)
    #expect(places.devices.map(\.bytesInUse) == [0, 0])
  }

  @Test("that fails anywhere leaves everything as it was", arguments: [true, false])
  func failure(isLazy: Bool) async throws {
    let places = try TestPlaces()
    let transcoding = TestTranscoding()
    let weights = ResidentWeights(try model(places.host), mover: places.mover)
    let checksums = try await weights.checksums()
    let before = places.host.bytesInUse
    let strategy = isLazy ? MoveStrategy.lazy(transcoding) : .requantize(transcoding)
    var failures = 0
    for count in 0..<100 {
      transcoding.allow(count)
      do {
        try await weights.move(to: places.devices[0], strategy: strategy, options: .quiet())
        break
      } catch {
        #expect(error is TestTranscoding.Refused)
        failures += 1
      }
      #expect(weights.device == .cpu && places.devices[0].bytesInUse == 0)
      #expect(places.host.bytesInUse == before)
    }
    #expect(failures == 24)
    if isLazy {
      transcoding.allow(2)
      await #expect(throws: TestTranscoding.Refused.self) { _ = try await weights.checksums() }
      transcoding.allow(100)
    }
    #expect(try await weights.checksums() == checksums)
  }
}
