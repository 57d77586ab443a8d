import FerryDevices
import Glibc
import Yams

/// A value in a YAML file that knows where it stands, so that every complaint has a line.
struct YAMLValue {
  let node: Node
  let path: String

  /// The root of a file.
  init(contentsOf path: String) throws {
    let text = try Self.text(of: path)
    do {
      guard let node = try Yams.compose(yaml: text) else {
        throw WorkflowError(path: path, line: nil, message: "the file is empty")
      }
      self.init(node, path)
    } catch let error as YamlError {
      throw WorkflowError(error, path)
    }
  }

  /// What a file says, without the mark that some editors begin one with.
  private static func text(of path: String) throws -> String {
    guard let text = SystemFile.text(path) else {
      let reason = String(cString: strerror(errno))
      throw WorkflowError(
        path: path, line: nil, message: "the file cannot be read: \(reason); check the path")
    }
    return text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
  }

  private init(_ node: Node, _ path: String) {
    self.node = node
    self.path = path
  }

  /// The error that something is wrong here.
  func error(_ message: String) -> WorkflowError {
    WorkflowError(path: path, line: line, message: message)
  }

  /// Returns the error for a value of another form than `expected`.
  func mismatch(_ expected: String) throws -> WorkflowError {
    error("\(expected) belongs here, not '\(try string())'")
  }

  // MARK: what it may be

  /// The values of a mapping by key, in the order of the file; keys outside `known` are an error.
  func mapping(_ known: [String]? = nil) throws -> [(key: String, value: YAMLValue)] {
    guard let mapping = node.mapping else { throw error("a mapping (key: value) belongs here") }
    var seen: Set<String> = []
    return try mapping.map { key, value in
      let key = YAMLValue(key, path)
      let name = try key.string()
      let value = YAMLValue(value, path)
      // A number and the text that spells it are two keys to YAML, and one here.
      guard seen.insert(name).inserted else { throw key.error("a key is there twice: \(name)") }
      if let known, !known.contains(name) {
        throw key.error("'\(name)' is unknown here; known are \(known.joined(separator: ", "))")
      }
      return (name, value)
    }
  }

  /// The values of a mapping of these keys.
  func fields(_ known: [String]) throws -> [String: YAMLValue] {
    Dictionary(uniqueKeysWithValues: try mapping(known).map { ($0.key, $0.value) })
  }

  func list() throws -> [YAMLValue] {
    guard let sequence = node.sequence else { throw error("a list belongs here") }
    return sequence.map { YAMLValue($0, path) }
  }

  func string() throws -> String {
    guard let scalar = node.scalar else { throw error("a text belongs here") }
    return scalar.string
  }

  func integer(_ range: ClosedRange<Int>) throws -> Int {
    guard let number = Int(try string()), range.contains(number) else {
      throw try mismatch("a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func number(_ range: ClosedRange<Double>) throws -> Double {
    guard let number = Double(try string()), range.contains(number) else {
      throw try mismatch("a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))")
    }
    return number
  }

  /// A size: `20GB`, `1GiB`, `4096`.
  func byteCount() throws -> Int {
    guard let count = ByteCount(try string()) else {
      throw try mismatch(ByteCount.form)
    }
    return count.bytes
  }

  func truth() throws -> Bool {
    switch try string() {
    case "true": return true
    case "false": return false
    default: throw try mismatch("true or false")
    }
  }

  /// The line it begins in, from 1 on.
  var line: Int? { node.mark?.line }

  var isText: Bool { node.scalar != nil }
  var isMapping: Bool { node.mapping != nil }
}

extension WorkflowError {
  fileprivate init(_ error: YamlError, _ path: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self.init(path: path, line: mark.line, message: "no YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      self.init(
        path: path, line: context.mark.line,
        message: "a key is there twice: \(duplicates.map(\.description).joined(separator: ", "))")
    default: self.init(path: path, line: nil, message: "no YAML: \(error)")
    }
  }
}
