import FerryResidency

extension RequestTrace {
  /// Reads a recorded trace: `models` with their sizes, and `requests`, each `[model, seconds]` or `[model, seconds,
  /// passes]`; a `budget` is for whoever replays it, and `caches` for whoever reads it.
  ///
  /// A model is a size, which is cut into pages as a pool has them, or `{segments: [bytes, …]}`.
  init(_ root: YAMLValue) throws {
    let fields = try root.fields(["budget", "models", "requests", "caches"])
    let models = try root.required(fields, "models").mapping().map { name, value in
      Model(name: name, segments: try Self.segments(value))
    }
    let numbers = Dictionary(uniqueKeysWithValues: models.indices.map { (models[$0].name, $0) })
    let requests = try root.required(fields, "requests").list().map { value -> Request in
      let parts = try value.list()
      guard (2...3).contains(parts.count) else {
        throw value.error("a request is [model, seconds] or [model, seconds, passes]")
      }
      let name = try parts[0].string()
      guard let model = numbers[name] else { throw parts[0].error("there is no model '\(name)'") }
      return Request(
        model: model, seconds: try parts[1].number(0...1e6),
        passes: try parts.count == 3 ? parts[2].integer(1...1_000_000_000) : 1)
    }
    self.init(models: models, requests: requests)
  }

  private static func segments(_ value: YAMLValue) throws -> [Int] {
    if value.isText { return Self.segments(ofEqualSize: try value.byteCount()) }
    let fields = try value.fields(["segments"])
    return try value.required(fields, "segments").list().map { try $0.integer(0...(1 << 50)) }
  }

  private static func segments(ofEqualSize byteCount: Int) -> [Int] {
    let count = (byteCount + PagedWeights.pageByteCount - 1) / PagedWeights.pageByteCount
    return (0..<count).map { byteCount * ($0 + 1) / count - byteCount * $0 / count }
  }
}
