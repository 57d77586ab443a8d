/// A network as the text of an ncnn `.param` file describes it.
package struct NCNNNetwork: Sendable {
  /// One layer.
  package struct Layer: Sendable {
    /// What it does ("Convolution").
    package let type: String
    /// Its name, unique in the file.
    package let name: String
    /// Its numbered parameters that are one number.
    package let numbers: [Int: Double]
    /// Those that are lists.
    package let lists: [Int: [Double]]

    /// A parameter that is a whole number; `fallback` where it is not there, nil where it is no such number.
    package func integer(_ key: Int, default fallback: Int = 0) -> Int? {
      guard let number = numbers[key] else { return lists[key] == nil ? fallback : nil }
      return Int(exactly: number)
    }
  }

  /// The layers, in the order in which they run.
  package let layers: [Layer]

  /// What every file begins with.
  private static let magic = "7767517"
  /// Larger files are no descriptions of networks.
  private static let mostBytes = 16 << 20
  private static let mostValues = 1 << 16

  /// Parses the file at `path`.
  init(path: String) throws(CheckpointError) {
    let reader = try FileReader(path: path)
    guard reader.file.byteCount <= Self.mostBytes else {
      throw CheckpointError(.malformed, file: path, "is too large for an ncnn .param file")
    }
    let bytes = try reader.bytes(at: 0, count: reader.file.byteCount)
    try self.init(text: String(decoding: bytes, as: UTF8.self), file: path)
  }

  /// Parses a text; `file` is for errors.
  init(text: String, file: String) throws(CheckpointError) {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.split(separator: " ") }
      .filter { !$0.isEmpty }
    guard lines.count >= 2, lines[0].count == 1, lines[0][0] == Self.magic else {
      throw CheckpointError(
        .malformed, file: file, "is no ncnn .param file: it must begin with \(Self.magic)")
    }
    guard lines[1].count == 2, let count = Int(lines[1][0]), count == lines.count - 2 else {
      throw CheckpointError(
        .malformed, file: file,
        "has \(lines.count - 2) layers where its second line says otherwise; get it again")
    }
    var layers: [Layer] = []
    for (index, words) in lines.dropFirst(2).enumerated() {
      guard let layer = Layer(words, mostValues: Self.mostValues) else {
        throw CheckpointError(.malformed, file: file, "line \(index + 3) describes no layer")
      }
      layers.append(layer)
    }
    self.layers = layers
  }
}

extension NCNNNetwork.Layer {
  /// Parses "type name inputs outputs …blobs key=value…".
  fileprivate init?(_ words: [Substring], mostValues: Int) {
    guard words.count >= 4, let inputs = Int(words[2]), let outputs = Int(words[3]),
      (0...words.count).contains(inputs), (0...words.count).contains(outputs),
      4 + inputs + outputs <= words.count
    else { return nil }
    var numbers: [Int: Double] = [:]
    var lists: [Int: [Double]] = [:]
    for word in words.dropFirst(4 + inputs + outputs) {
      let pair = word.split(separator: "=", omittingEmptySubsequences: false)
      guard pair.count == 2, let key = Int(pair[0]) else { return nil }
      let values = pair[1].split(separator: ",", omittingEmptySubsequences: false)
      guard values.count <= mostValues else { return nil }
      let parsed = values.compactMap { Double($0) }
      guard parsed.count == values.count, parsed.allSatisfy(\.isFinite) else { return nil }
      if (0..<32).contains(key) {
        guard parsed.count == 1, numbers.updateValue(parsed[0], forKey: key) == nil else {
          return nil
        }
      } else {
        // Lists have keys from -23300 downward, and begin with their length.
        let number = -23300 - key
        guard (0..<32).contains(number), parsed.first == Double(parsed.count - 1),
          lists.updateValue(Array(parsed.dropFirst()), forKey: number) == nil
        else { return nil }
      }
    }
    self.init(
      type: String(words[0]), name: String(words[1]), numbers: numbers, lists: lists)
  }
}
