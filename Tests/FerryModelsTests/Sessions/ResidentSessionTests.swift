import FerryDeviceTesting
import FerryDevices
import FerryModels
import FerryOperations
import FerryResidency
import FerryTensors
import Testing

/// Real sessions on weights that really move.
@Suite(.enabled(if: TestDevices.absence == nil, "a device besides the host"))
struct ResidentSessionTests {
  private static let prompt = [3, 1, 4, 1, 5, 9, 2, 6]

  @Test(
    "an open session goes on wherever its model moves",
    arguments: TestDevices.available.filter { $0 != .cpu })
  func goesOn(_ device: Device) async throws {
    let host = try DeviceContext(TestDevices.backend(of: .cpu))
    let other = try DeviceContext(TestDevices.backend(of: device))
    let synthetic = try SyntheticModel(on: host)
    let weights = ResidentWeights(synthetic.image, mover: Mover(host: host))
    let session = try Self.session(synthetic, weights)
    let stayed = try await Self.logits(synthetic, host)
    _ = try await session.advance(Self.prompt)
    for (index, context) in [other, host, other].enumerated() {
      let report = try await weights.move(
        to: context, options: MoveOptions(verify: true, measuringLink: false))
      // The filled rows of two layers travel with the weights, wherever those come from.
      #expect(report.bytes >= 2 * 2 * 2 * 4 * 4 * session.position)
      let logits = try await session.advance([index])
      #expect(Self.difference(logits, stayed[index]) < 1e-4)
    }
    try await weights.move(to: host)
    try session.reset()
    try TestDevices.checkLeaks(other)
  }

  @Test("a failed move leaves session and weights where they were, at every allocation")
  func survivesFailures() async throws {
    let host = try DeviceContext(TestDevices.backend(of: .cpu))
    let backend = FaultInjectingBackend(try TestDevices.accelerator())
    let other = try DeviceContext(backend)
    let synthetic = try SyntheticModel(on: host)
    let weights = ResidentWeights(synthetic.image, mover: Mover(host: host))
    let session = try Self.session(synthetic, weights)
    let stayed = try await Self.logits(synthetic, host)
    _ = try await session.advance(Self.prompt)
    let call = backend.reservations == nil ? DeviceCall.allocation : .commitment
    for number in 1...3 {
      backend.fail(call, number: number, repeatedly: true)
      await #expect(throws: DeviceError.self) {
        try await weights.move(to: other, options: MoveOptions(measuringLink: false))
      }
      backend.clearFaults()
      #expect(weights.context === host)
      #expect(backend.liveBytes == 0)
    }
    #expect(Self.difference(try await session.advance([0]), stayed[0]) < 1e-5)
  }

  @Test("dropping sessions on a move is a typed error at their next use")
  func dropsOnRequest() async throws {
    let host = try DeviceContext(TestDevices.backend(of: .cpu))
    let other = try DeviceContext(TestDevices.accelerator())
    let synthetic = try SyntheticModel(on: host)
    let weights = ResidentWeights(synthetic.image, mover: Mover(host: host))
    let session = try Self.session(synthetic, weights)
    _ = try await session.advance(Self.prompt)
    try await weights.move(to: other, options: MoveOptions(states: .drop, measuringLink: false))
    let error = await #expect(throws: ModelError.self) { try await session.advance([1]) }
    #expect(error?.code == .stateDropped)
  }

  private static func session(
    _ synthetic: SyntheticModel, _ weights: ResidentWeights
  ) throws -> Session {
    try Session(synthetic.model, weights: weights) { try OperationsFactory.make(for: $0) }
  }

  /// The logits of a session that never moves, after the prompt and 0, and then 1, and 2.
  private static func logits(
    _ synthetic: SyntheticModel, _ host: DeviceContext
  ) async throws -> [[Float]] {
    let weights = ResidentWeights(synthetic.image, mover: Mover(host: host))
    let session = try session(synthetic, weights)
    _ = try await session.advance(prompt)
    var logits: [[Float]] = []
    for token in 0..<3 { logits.append(try await session.advance([token])) }
    return logits
  }

  private static func difference(_ one: [Float], _ other: [Float]) -> Float {
    let scale = other.map(\.magnitude).max() ?? 1
    return (zip(one, other).map { ($0 - $1).magnitude }.max() ?? .infinity) / scale
  }
}
