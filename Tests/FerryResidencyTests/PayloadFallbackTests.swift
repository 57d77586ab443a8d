import FerryDevices
import FerryFormats
import FerryResidency
import FerryTensors
import Testing

@Suite("A move in full precision of payloads that encoding does not give back")
struct PayloadFallbackTests {
  /// An unusual weight between two usual ones.
  private func image(_ unusual: UnusualWeight, _ host: DeviceContext) throws -> WeightImage {
    var random = SplitMix(state: 3)
    let usual = try QuantizedWeight(.int8Rows, [7, 11], &random)
    return try QuantizedWeight.image([[usual, unusual.weight(&random)], [usual]], host)
  }

  @Test("carries them as they are, and the others as numbers", arguments: UnusualWeight.allCases)
  func fallback(unusual: UnusualWeight) async throws {
    for isLazy in [false, true] {
      let places = try TestPlaces(chunk: 100)
      let transcoding = TestTranscoding()
      let strategy = isLazy ? MoveStrategy.lazy(transcoding) : .requantize(transcoding)
      let weights = ResidentWeights(try image(unusual, places.host), mover: places.mover)
      let checksums = try await weights.checksums()
      let entry = weights.layout.entries[1]
      let (full, payload) = (weights.layout.fullPrecisionByteCount, entry.parts[0].byteCount)
      let expected =
        unusual.comesBack ? full : isLazy ? full + payload - 4 * entry.count : full + payload
      for target in [places.devices[0], places.devices[1], places.host] {
        let report = try await weights.move(
          to: target, strategy: strategy, options: .quiet(keepingHostCopy: false))
        #expect(report.bytes == expected)
        #expect(try await weights.checksums() == checksums)
      }
      #expect(places.devices.map(\.bytesInUse) == [0, 0])
    }
  }

  @Test("carries everything as it is to a device that encodes wrongly")
  func brokenDevice() async throws {
    let places = try TestPlaces()
    let transcoding = TestTranscoding(broken: .opencl(7))
    let weights = ResidentWeights(try image(.tinyTail, places.host), mover: places.mover)
    let checksums = try await weights.checksums()
    let payloads = weights.layout.entries.reduce(0) { $0 + $1.parts[0].byteCount }
    let report = try await weights.move(
      to: places.devices[0], strategy: .requantize(transcoding), options: .quiet())
    #expect(report.bytes == weights.layout.fullPrecisionByteCount + payloads)
    #expect(try await weights.checksums() == checksums)
  }

  @Test("never computes with what a lazy device encoded wrongly, and goes back to the host copy")
  func brokenLazyDevice() async throws {
    let places = try TestPlaces()
    let transcoding = TestTranscoding(broken: .opencl(7))
    let weights = ResidentWeights(try image(.tinyTail, places.host), mover: places.mover)
    let checksums = try await weights.checksums()
    try await weights.move(to: places.devices[0], strategy: .lazy(transcoding), options: .quiet())
    for _ in 0..<2 {
      let error = await #expect(throws: ResidencyError.self) {
        try await weights.withStep { _ = try $0.acquire(segment: 0) }
      }
      #expect(error?.code == .verificationFailed)
      #expect(error?.message.contains("0.0") == true, "\(String(describing: error))")
    }
    try await weights.move(to: places.host, options: .quiet())
    #expect(try await weights.checksums() == checksums)
    #expect(places.devices[0].bytesInUse == 0)
  }
}
