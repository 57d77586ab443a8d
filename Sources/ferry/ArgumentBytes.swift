import ArgumentParser
import Glibc

/// The arguments as the system passes them, in bytes.
enum ArgumentBytes {
  /// Throws if an argument is not UTF-8: converting it to text would change it, and a path would denote another file.
  static func check() throws {
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[index] else { continue }
      let bytes = UnsafeBufferPointer(start: argument, count: strlen(argument))
      guard String(validating: bytes.lazy.map(UInt8.init(bitPattern:)), as: UTF8.self) == nil
      else { continue }
      throw ValidationError(
        "argument \(index), '\(String(cString: argument))', is not UTF-8; rename the file, or name it by a path "
          + "that is")
    }
  }
}
