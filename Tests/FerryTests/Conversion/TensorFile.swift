import Foundation
import Testing

/// A safetensors file that a test makes, or looks into.
struct TensorFile {
  /// A tensor as a file has it.
  struct Stored {
    let type: String
    let shape: [Int]
    let bytes: Data

    /// The elements, of a tensor of f32.
    var floats: [Float] {
      (0..<bytes.count / 4).map { index in
        bytes[index * 4..<index * 4 + 4].withUnsafeBytes { $0.loadUnaligned(as: Float.self) }
      }
    }
  }

  private(set) var tensors: [String: Stored] = [:]
  private(set) var metadata: [String: String] = [:]

  /// Reads a file.
  init(_ path: String) throws {
    let file = Data(try Data(contentsOf: URL(fileURLWithPath: path)))
    let size = Int(file[0..<8].withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
    let header = try JSONSerialization.jsonObject(with: file[8..<8 + size])
    for (name, value) in try #require(header as? [String: Any]) {
      guard name != "__metadata__" else {
        metadata = value as? [String: String] ?? [:]
        continue
      }
      let entry = try #require(value as? [String: Any])
      let range = try #require(entry["data_offsets"] as? [Int])
      tensors[name] = Stored(
        type: try #require(entry["dtype"] as? String),
        shape: try #require(entry["shape"] as? [Int]),
        bytes: Data(file[8 + size + range[0]..<8 + size + range[1]]))
    }
  }

  /// An element of a tensor that is of no special value.
  static func element(_ index: Int) -> Float { sin(Float(index) * 0.7) + Float(index % 5) * 0.1 }

  /// Writes tensors of f32, whose elements follow from their numbers.
  static func write(
    _ shapes: KeyValuePairs<String, [Int]>, to path: String, metadata: [String: String] = [:],
    element: (Int) -> Float = Self.element
  ) throws {
    var header: [String: Any] = metadata.isEmpty ? [:] : ["__metadata__": metadata]
    var data = Data()
    for (name, shape) in shapes {
      let values = (0..<shape.reduce(1, *)).map(element)
      let start = data.count
      values.withUnsafeBytes { data.append(contentsOf: $0) }
      header[name] = ["dtype": "F32", "shape": shape, "data_offsets": [start, data.count]]
    }
    let text = try JSONSerialization.data(withJSONObject: header)
    var file = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
    file.append(text)
    file.append(data)
    try file.write(to: URL(fileURLWithPath: path))
  }

  /// Writes a folder with `config.json` and the weights.
  static func writeFolder(
    _ shapes: KeyValuePairs<String, [Int]>, configuration: String, to path: String
  ) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data(configuration.utf8).write(to: URL(fileURLWithPath: path + "/config.json"))
    try write(shapes, to: path + "/model.safetensors")
  }
}
