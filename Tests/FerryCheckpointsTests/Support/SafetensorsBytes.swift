@testable import FerryCheckpoints

/// Builds safetensors files that may be wrong on purpose.
struct SafetensorsBytes {
  var tensors: [(name: String, dtype: String, shape: [Int], bytes: [UInt8])] = []
  var metadata: String?

  mutating func add(_ name: String, _ dtype: String, _ shape: [Int], _ bytes: [UInt8]) {
    tensors.append((name, dtype, shape, bytes))
  }

  mutating func add(_ name: String, _ shape: [Int], _ values: [Float]) {
    add(name, "F32", shape, values.littleEndianBytes)
  }

  /// The header as JSON text.
  var header: String {
    var offset = 0
    var entries = metadata.map { ["\"__metadata__\":\($0)"] } ?? []
    for tensor in tensors {
      let end = offset + tensor.bytes.count
      entries.append(
        "\(JSONValue.string(tensor.name).serialized()):{\"dtype\":\"\(tensor.dtype)\","
          + "\"shape\":\(tensor.shape),\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return "{" + entries.joined(separator: ",") + "}"
  }

  var bytes: [UInt8] { Self.file(header: header, data: tensors.flatMap(\.bytes)) }

  static func file(header: String, data: [UInt8]) -> [UInt8] {
    UInt64(header.utf8.count).littleEndianBytes + Array(header.utf8) + data
  }
}

extension SafetensorsBytes {
  /// A small 4-bit weight with all its companions.
  mutating func addFourBit(
    _ name: String, code: String = "nf4", rows: Int = 3, columns: Int = 43, nested: Bool = false,
    storage: String = "U8", except missing: Set<String> = [], document: String? = nil,
    table: [Float]? = nil
  ) {
    let count = rows * columns
    let (packed, blocks) = ((count + 1) / 2, (count + 63) / 64)
    let size = ["U8": 1, "BF16": 2, "F16": 2, "F32": 4][storage] ?? 1
    add(name, storage, [packed / size, 1], (0..<packed).map { UInt8(truncatingIfNeeded: 7 * $0) })
    var companions: [(String, String, [Int], [UInt8])] = []
    if nested {
      companions.append(("absmax", "U8", [blocks], Array(repeating: 5, count: blocks)))
      companions.append(("nested_absmax", "F32", [1], ([0.5] as [Float]).littleEndianBytes))
      let map = (0..<256).map { Float($0) / 255 }
      companions.append(("nested_quant_map", "F32", [256], map.littleEndianBytes))
    } else {
      let values = [Float](repeating: 0.25, count: blocks)
      companions.append(("absmax", "F32", [blocks], values.littleEndianBytes))
    }
    let map = table ?? (code == "fp4" ? Self.fp4 : Self.nf4)
    companions.append(("quant_map", "F32", [16], map.littleEndianBytes))
    let fields =
      nested
      ? ", \"nested_blocksize\": 256, \"nested_dtype\": \"float32\", \"nested_offset\": 0.125" : ""
    let text =
      document
      ?? "{\"quant_type\": \"\(code)\", \"blocksize\": 64, \"dtype\": \"bfloat16\", "
      + "\"shape\": [\(rows), \(columns)]\(fields)}"
    let key = "quant_state.bitsandbytes__\(code)"
    companions.append((key, "U8", [text.utf8.count], Array(text.utf8)))
    for (suffix, dtype, shape, bytes) in companions where !missing.contains(suffix) {
      add("\(name).\(suffix)", dtype, shape, bytes)
    }
  }

  /// A small 8-bit weight `stem.weight` with its companions.
  mutating func addRows(_ stem: String, format: [UInt8]? = [0], formatShape: [Int] = []) {
    add("\(stem).weight", "I8", [2, 3], [1, 2, 3, 253, 254, 255])
    add("\(stem).SCB", [2], [0.5, 0.75])
    if let format { add("\(stem).weight_format", "U8", formatShape, format) }
  }

  static let nf4: [Float] = [
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
    0.7229568362236023, 1.0,
  ]
  static let fp4: [Float] = {
    let raw: [Float] = [0, 0.0625, 8, 12, 4, 6, 2, 3]
    // The Python table has +0 at 8 where the kernels have -0.
    return raw.map { $0 / 12 } + [0] + raw.dropFirst().map { -$0 / 12 }
  }()
}
