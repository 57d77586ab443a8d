import Ferry
import FerryCUDA
import FerryDevices
import FerryDriverDouble
import FerryResidency
import Testing

extension OnTheDouble {
  /// Every call of the driver may fail: the model then is where it was, usable, and nothing leaks. What
  /// the driver does not take back is told.
  @Suite struct CUDAFailureSweepTests {
    /// A call of the driver that fails.
    struct Failure: CustomStringConvertible {
      let entry: DriverEntryPoint
      let number: Int

      var description: String { "call \(number) of \(entry)" }

      /// An error that breaks nothing: no memory where memory is asked for, else one nobody knows.
      func arrange() {
        let code: Int32 =
          switch entry {
          case .memAlloc, .memCreate, .memMap, .memAddressReserve, .memHostRegister: 2
          default: 999
          }
        DriverDouble.change { $0.fail(entry, at: number, with: code) }
      }
    }

    @Test(arguments: ModelErrand.Kind.allCases)
    func everyCallMayFail(_ kind: ModelErrand.Kind) async throws {
      let folder = try TinyModelFolder()
      let expected = try await ExpectedResults(folder)
      var failures: [Failure] = []
      try await OnTheDouble.run {
        let errand = try await ModelErrand(kind, folder)
        failures = try await Self.calls(atMost: kind == .measure ? 2 : 24) {
          try await errand.run()
        }
        try await errand.check(expected)
      }
      #expect(!failures.isEmpty)
      for failure in failures {
        try await OnTheDouble.run { try await attempt(kind, folder, expected, failure) }
      }
    }

    private func attempt(
      _ kind: ModelErrand.Kind, _ folder: TinyModelFolder, _ expected: ExpectedResults,
      _ failure: Failure
    ) async throws {
      let errand = try await ModelErrand(kind, folder)
      failure.arrange()
      var failed = false
      do {
        try await errand.run()
      } catch {
        failed = true
        #expect(error is DeviceError || error is ResidencyError, "\(failure): \(error)")
        #expect(errand.model.device == kind.start, "\(failure)")
      }
      #expect(DriverDouble.change { $0.failuresArePending } == false, "\(failure)")
      let untold = errand.engine.releaseFailures()
      #expect(untold.count == (failure.entry.gives && !failed ? 1 : 0), "\(failure): \(untold)")
      try await errand.run()
      try await errand.check(expected)
    }

    /// A loss of the device at whatever call leaves the host copy, and the process.
    @Test(arguments: [ModelErrand.Kind.open, .step, .decode])
    func everyCallMayLoseTheDevice(_ kind: ModelErrand.Kind) async throws {
      let folder = try TinyModelFolder()
      let expected = try await ExpectedResults(folder)
      var failures: [Failure] = []
      try await OnTheDouble.run {
        let errand = try await ModelErrand(kind, folder, keepingHostCopy: true)
        failures = try await Self.calls(atMost: 2) { try await errand.run() }
      }
      for failure in failures {
        try await OnTheDouble.run {
          let errand = try await ModelErrand(kind, folder, keepingHostCopy: true)
          DriverDouble.change { $0.lose(failure.entry, at: failure.number, with: 719) }
          do {
            try await errand.run()
          } catch {
            let code = (error as? DeviceError)?.code
            #expect(code == .deviceLost, "\(failure): \(error)")
          }
          #expect(errand.engine.releaseFailures().isEmpty, "\(failure)")
          try await errand.checkOnHost(expected)
        }
      }
    }

    /// What the driver keeps is lost to the process, which goes on, and is told.
    @Test func whatTheDriverKeepsIsAllThatIsLeft() async throws {
      let folder = try TinyModelFolder()
      let expected = try await ExpectedResults(folder)
      for (entry, kind, remainder) in [
        (DriverEntryPoint.memUnmap, ModelErrand.Kind.park, "mappings"),
        (.memFree, .park, "allocations"), (.memHostUnregister, .measure, "registrations"),
      ] {
        DriverDouble.start()
        try await keeping(entry, kind, folder, expected)
        let left = DriverDouble.stop()
        #expect(left.contains { $0.hasSuffix("\(remainder) left") }, "\(entry): \(left)")
      }
    }

    private func keeping(
      _ entry: DriverEntryPoint, _ kind: ModelErrand.Kind, _ folder: TinyModelFolder,
      _ expected: ExpectedResults
    ) async throws {
      let errand = try await ModelErrand(kind, folder)
      DriverDouble.change { $0.refuse(entry, with: 999) }
      try await errand.run()
      #expect(errand.engine.releaseFailures().count == 1, "\(entry)")
      try await errand.checkOnHost(expected)
    }

    /// What ends an engine cannot fail, whatever the driver says.
    @Test func everyCallAtTheEndMayFail() async throws {
      let folder = try TinyModelFolder()
      var failures: [Failure] = []
      try await OnTheDouble.run {
        var errand: ModelErrand? = try await ModelErrand(.decode, folder)
        try await errand?.run()
        failures = await Self.calls(atMost: 24) { errand = nil }
      }
      #expect(
        Set(failures.map(\.entry)).isSuperset(of: [
          .streamDestroy, .moduleUnload, .graphExecDestroy, .memFree, .memUnmap, .memAddressFree,
          .eventDestroy, .devicePrimaryCtxRelease,
        ]))
      for failure in failures {
        try await OnTheDouble.run {
          var errand: ModelErrand? = try await ModelErrand(.decode, folder)
          try await errand?.run()
          failure.arrange()
          errand = nil
        }
      }
    }

    /// The calls of the driver that `body` makes; where an entry point is called more than `most` times,
    /// every n-th of them and the last: those that make contexts current and describe parameters, mostly.
    private static func calls(
      atMost most: Int, _ body: () async throws -> Void
    ) async rethrows -> [Failure] {
      let entries = DriverEntryPoint.allCases
      let before = entries.map(DriverDouble.calls)
      try await body()
      return zip(entries, before).flatMap { entry, before in
        let count = DriverDouble.calls(of: entry) - before
        let step = (count + most - 1) / most
        return stride(from: count, to: 0, by: -max(1, step)).map {
          Failure(entry: entry, number: $0)
        }
      }
    }

    @Test func whatIsNotTakenBackIsTold() throws {
      try OnTheDouble.run {
        let backend = try DoubleDevices.first()
        #expect(backend.releaseFailure == nil)
        for _ in 0..<2 {
          DriverDouble.change { $0.fail(.memFree, with: 999) }
          backend.free(try backend.allocate(byteCount: 16), byteCount: 16)
        }
        let failure = try #require(backend.releaseFailure)
        #expect(failure.code == .driver && failure.cause == "CUDA_ERROR_UNKNOWN")
        #expect(failure.message.contains("cuda:0") && failure.message.contains("1 more"))
      }
    }

    @Test func aLostDeviceTakesNothingBack() throws {
      try OnTheDouble.run {
        let backend = try DoubleDevices.first()
        let memory = try backend.allocate(byteCount: 16)
        DriverDouble.change { $0.fail(.memFree, with: 700) }
        backend.free(memory, byteCount: 16)
        #expect(backend.releaseFailure == nil)
        let error = #expect(throws: DeviceError.self) { _ = try backend.allocate(byteCount: 16) }
        #expect(error?.code == .deviceLost)
      }
    }
  }
}
