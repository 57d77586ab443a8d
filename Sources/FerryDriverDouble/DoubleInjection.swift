import CDrivers

/// The failures that a test has asked for, and the calls so far.
struct DoubleInjection {
  var driver = CallFailures<DriverEntryPoint>()
  var blas = CallFailures<BLASEntryPoint>()
  private var workRequests: [(number: Int, device: Int, code: CUresult)] = []

  /// Makes the `number`th piece of queued work that a device runs from now on fail.
  mutating func failWork(on device: Int, at number: Int, with code: CUresult) {
    workRequests.append((number, device, code))
  }

  /// Forgets what has not happened yet.
  mutating func clear() {
    driver.clear()
    blas.clear()
    workRequests = []
  }

  /// Whether something asked for has not happened yet.
  var isPending: Bool { driver.isPending || blas.isPending || !workRequests.isEmpty }

  /// Counts a piece of work; the code it fails with, where it does.
  mutating func failureOfWork(on device: Int) -> CUresult? {
    for index in workRequests.indices where workRequests[index].device == device {
      workRequests[index].number -= 1
    }
    guard let index = workRequests.firstIndex(where: { $0.number == 0 }) else { return nil }
    return workRequests.remove(at: index).code
  }
}

/// The calls of a library's entry points, and those that are to fail.
struct CallFailures<Entry: Hashable> {
  private(set) var calls: [Entry: Int] = [:]
  /// For an entry point, the numbers of calls that fail, and how.
  private var requests: [Entry: [(number: Int, failure: InjectedFailure)]] = [:]

  /// Makes the `number`th call from now on fail.
  mutating func fail(_ entry: Entry, at number: Int, with failure: InjectedFailure) {
    requests[entry, default: []].append(((calls[entry] ?? 0) + number, failure))
  }

  mutating func clear() { requests = [:] }

  var isPending: Bool { !requests.values.allSatisfy(\.isEmpty) }

  /// Counts a call; the code it fails with, where it does.
  mutating func failure(of entry: Entry) -> InjectedFailure? {
    calls[entry, default: 0] += 1
    let number = calls[entry]
    guard let index = requests[entry]?.firstIndex(where: { $0.number == number }) else {
      return nil
    }
    return requests[entry]?.remove(at: index).failure
  }
}

/// How a call fails.
struct InjectedFailure {
  let code: Int32
  /// Whether what the call gives back stays.
  var keeps = false
  /// Whether the context breaks with it.
  var breaks = false
}
