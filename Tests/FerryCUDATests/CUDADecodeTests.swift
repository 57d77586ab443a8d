import FerryDevices
import FerryDriverDouble
import FerryModels
import FerryResidency
import Testing

@testable import Ferry

extension OnTheDouble {
  /// Sessions whose one-token steps the driver records.
  @Suite struct CUDADecodeTests {
    private static let count = 12

    /// A session on cuda:0, with room for few tokens at first, after the prompt.
    private func session(
      _ folder: TinyModelFolder, path: String, _ type: ElementType = .f32
    ) async throws -> (Model, Session) {
      let model = try await CUDAMoveTests.engine().load(path, needsTokenizer: false)
      try await model.to(.cuda(0), options: MoveOptions(measuringLink: false))
      let session = try model.makeSession(
        SessionOptions(elementType: type, maximumPositions: 64, initialPositions: 8))
      _ = try await session.advance(folder.tokens)
      return (model, session)
    }

    private func decode(_ session: Session, _ count: Int = count) async throws -> [[Float]] {
      var logits: [[Float]] = []
      for _ in 0..<count { logits.append(try await session.advance([session.position])) }
      return logits
    }

    @Test(arguments: TinyModelFolder.formats, [ElementType.f32, .bf16])
    func recordedStepsGiveTheVeryLogits(_ format: WeightFormat, _ type: ElementType) async throws {
      let folder = try TinyModelFolder()
      let path = try await folder.quantized(format)
      try await OnTheDouble.run {
        let (_, recorded) = try await session(folder, path: path, type)
        let logits = try await decode(recorded)
        // For 8 and 16 positions; the first step of each cache is plain.
        #expect(recorded.recordingCount == 2)
        #expect(DriverDouble.calls(of: .graphLaunch) == Self.count - 2)
        let (_, plain) = try await session(folder, path: path, type)
        DriverDouble.change { $0.fail(.streamBeginCapture, with: 801) }
        #expect(try await decode(plain) == logits)
        #expect(plain.recordingCount == 0)
      }
    }

    @Test(arguments: [MoveOptions.Mode.release, .retain], [false, true])
    func aRecordingOutlivesAPark(_ mode: MoveOptions.Mode, _ keepsHostCopy: Bool) async throws {
      let folder = try TinyModelFolder()
      try await OnTheDouble.run {
        let (_, staying) = try await session(folder, path: folder.path("plain"))
        let expected = try await decode(staying)
        let (model, moving) = try await session(folder, path: folder.path("plain"))
        var logits = try await decode(moving, 8)
        let (recordings, launches) = (
          moving.recordingCount, DriverDouble.calls(of: .graphLaunch)
        )
        #expect(recordings > 0)
        for device in [Device.cpu, .cuda(0)] {
          try await model.to(
            device,
            options: MoveOptions(
              keepingHostCopy: keepsHostCopy, mode: mode, measuringLink: false))
        }
        logits += try await decode(moving, Self.count - 8)
        #expect(logits == expected)
        #expect(moving.recordingCount == recordings)
        #expect(DriverDouble.calls(of: .graphLaunch) == launches + Self.count - 8)
      }
    }
  }
}
