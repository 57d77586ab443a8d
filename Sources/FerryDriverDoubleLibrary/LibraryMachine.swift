import CDrivers
import FerryDriverDouble
import Glibc

// The driver double as a library that a program loads in a driver's place: where the loader finds this product
// under the name `libcuda.so.1`, which tests see to, a whole process runs on the double. Nobody finds it else.

/// The entry points, on a machine that the environment describes; started by the first call.
let driver: ferry_cuda = {
  DriverDouble.start(.ofEnvironment)
  DriverDouble.failAsTheEnvironmentSays()
  atexit { DriverDouble.tellMisuses() }
  return DriverDouble.table.pointee
}()

extension DoubleMachine {
  /// `FERRY_DOUBLE_DEVICES` devices (2) of `FERRY_DOUBLE_MEMORY` bytes each (1 GiB).
  fileprivate static var ofEnvironment: DoubleMachine {
    let memory = number("FERRY_DOUBLE_MEMORY") ?? 1 << 30
    let count = number("FERRY_DOUBLE_DEVICES") ?? 2
    return DoubleMachine((0..<count).map { _ in DoubleConfiguration(memory: memory) })
  }

  private static func number(_ name: String) -> Int? {
    getenv(name).flatMap { Int(String(cString: $0)) }
  }
}

extension DriverDouble {
  /// `FERRY_DOUBLE_FAIL=MemCreate:1:2`: the first such call fails with 2.
  fileprivate static func failAsTheEnvironmentSays() {
    guard let text = getenv("FERRY_DOUBLE_FAIL") else { return }
    let words = String(cString: text).split(separator: ":").map(String.init)
    guard words.count == 3, let entry = DriverEntryPoint(rawValue: words[0]),
      let number = Int(words[1]), let code = Int32(words[2])
    else { preconditionFailure("FERRY_DOUBLE_FAIL=ENTRY:NUMBER:CODE") }
    change { $0.fail(entry, at: number, with: code) }
  }

  /// What the program did that a driver forbids, on stderr.
  fileprivate static func tellMisuses() {
    for misuse in misuses {
      let line = "driver double: \(misuse)\n"
      _ = line.withCString { write(STDERR_FILENO, $0, line.utf8.count) }
    }
  }
}
