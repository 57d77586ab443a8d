import Foundation
import Testing

/// A tensor of a safetensors file, read by another parser than Ferry's.
struct SavedTensor: Equatable {
  let type: String
  let shape: [Int]
  let bytes: Data

  /// The tensors of a file by name.
  static func all(in path: String) throws -> [String: SavedTensor] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: data[8..<8 + length])
    var tensors: [String: SavedTensor] = [:]
    for (name, value) in try #require(header as? [String: Any]) where name != "__metadata__" {
      let entry = try #require(value as? [String: Any])
      let offsets = try #require(entry["data_offsets"] as? [Int])
      tensors[name] = SavedTensor(
        type: try #require(entry["dtype"] as? String),
        shape: try #require(entry["shape"] as? [Int]),
        bytes: data[(8 + length + offsets[0])..<(8 + length + offsets[1])])
    }
    return tensors
  }
}
