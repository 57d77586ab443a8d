import FerryResidency

extension RequestTrace {
  /// The most bytes of a model, and the most pages.
  private static let mostBytes = 1 << 46, mostPages = 1 << 20

  /// Reads a recorded trace: `models` with their sizes, and `requests`, each `[model, seconds]` or `[model, seconds,
  /// passes]`; a `budget` is for whoever replays it, and `caches` for whoever reads it.
  ///
  /// A model is a size, which is cut into pages as a pool has them, or `{segments: [bytes, …]}`.
  init(_ root: YAMLValue, pageByteCount: Int) throws {
    let fields = try root.fields(["budget", "models", "requests", "caches"])
    let models = try root.required(fields, "models").mapping().map { name, value in
      Model(name: name, segments: try Self.segments(value, pageByteCount))
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

  private static func segments(_ value: YAMLValue, _ pageByteCount: Int) throws -> [Int] {
    let segments: [Int]
    if value.isText {
      let byteCount = try value.byteCount()
      guard byteCount <= mostBytes, byteCount.blocks(of: pageByteCount) <= mostPages else {
        throw tooLarge(value)
      }
      segments = pages(of: byteCount, pageByteCount)
    } else {
      let fields = try value.fields(["segments"])
      segments = try value.required(fields, "segments").list().map {
        try $0.integer(0...mostBytes)
      }
    }
    let byteCount = segments.reduce(0) { min($0, mostBytes) + $1 }
    guard byteCount <= mostBytes, segments.count <= mostPages else { throw tooLarge(value) }
    return segments
  }

  private static func tooLarge(_ value: YAMLValue) -> WorkflowError {
    value.error("a model of at most 64 TiB, in at most a million pages, belongs here")
  }

  private static func pages(of byteCount: Int, _ pageByteCount: Int) -> [Int] {
    let count = byteCount.blocks(of: pageByteCount)
    return (0..<count).map { byteCount * ($0 + 1) / count - byteCount * $0 / count }
  }
}
