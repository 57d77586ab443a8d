import Ferry
import FerryDeviceTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct StartMoveTests {
  @Test(.enabled(if: TestDevices.absence == nil, "a device besides the host"))
  func aModelRunsWhereItIsGoing() async throws {
    let folder = try TestFolder()
    let tokens = try TinyModel.write(to: folder("writer")).tokens
    let model = try await Engine(backends: TestDevices.backends).load(folder("writer"))
    let device = try TestDevices.accelerator().device
    let expected = try await model.logits(tokens: tokens)
    let move = await model.startMove(to: device)
    #expect(model.device == device)
    let logits = try await model.logits(tokens: tokens)
    #expect(zip(logits, expected).allSatisfy { abs($0 - $1) < 1e-3 })
    #expect(try await move.value.to == device)
    try await model.to(.cpu)
  }

  @Test func whyItFailedIsTold() async throws {
    let folder = try TestFolder()
    let tokens = try TinyModel.write(to: folder("writer")).tokens
    let model = try await Engine(backends: TestDevices.backends).load(folder("writer"))
    let move = await model.startMove(to: .cuda(77))
    await #expect(throws: DeviceError.self) { try await move.value }
    #expect(model.device == .cpu)
    #expect(try await model.logits(tokens: tokens).count == model.vocabularySize)
  }
}
