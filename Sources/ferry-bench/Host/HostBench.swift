import FerryFormats
import FerryOperations

/// The kernels of the host, section by section.
struct HostBench {
  let open: OpenDevice
  let roofs: HostRoofs
  let operations: any Operations
  let rows: [Int]

  init(_ open: OpenDevice, _ roofs: HostRoofs, _ operations: any Operations, rows: [Int] = []) {
    (self.open, self.roofs, self.operations, self.rows) = (open, roofs, operations, rows)
  }

  private static let types: [ElementType] = [.f32, .bf16]

  /// Measures one section, and hands its figures to `add` as they come; what fails is said.
  func measure(_ section: HostCommand.Section, add: ([Figure]) throws -> Void) async throws {
    switch section {
    case .coding: try measureCoding(add)
    case .plain: try measureLayers([.bf16: [.bf16], .f32: [.f32]], add)
    case .fourBit: try measureLayers(both([.nf4, .nestedNF4, .fp4]), add)
    case .eightBit:
      try measureLayers(both([.int8, .llmInt8Plain, .llmInt8, .llmInt8Outliers]), add)
    case .attention:
      let bench = AttentionBench(open, roofs, operations)
      for cell in open.scale.attentions { try add(bench.figures(of: cell)) }
    case .rows:
      for type in Self.types {
        let bench = RowsBench(open, roofs, operations, elementType: type)
        try add(.attempting("rows in \(type)") { try bench.figures() })
      }
    case .convolution:
      let bench = ConvolutionBench(open, roofs, operations)
      for type in Self.types {
        try add(.attempting("convolution in \(type)") { try bench.figures(type) })
      }
    case .decode:
      for kind in [LinearKind.nf4, .llmInt8] {
        let bench = DecodeBench(open, roofs, kind, promptCount: 16, tokenCount: 17)
        try add(await bench.attempt())
      }
    }
  }

  private func measureCoding(_ add: ([Figure]) throws -> Void) throws {
    for type in Self.types {
      let bench = try CodingBench(open, roofs, operations, elementType: type)
      for coded in CodedFormat.all { try add(bench.figures(of: coded)) }
    }
  }

  private func both(_ kinds: [LinearKind]) -> [ElementType: [LinearKind]] {
    Dictionary(uniqueKeysWithValues: Self.types.map { ($0, kinds) })
  }

  private func measureLayers(
    _ kinds: [ElementType: [LinearKind]], _ add: ([Figure]) throws -> Void
  ) throws {
    for layer in open.scale.layers {
      for type in Self.types {
        let bench = LinearBench(open, roofs, operations, rows: rows, elementType: type)
        for kind in kinds[type] ?? [] {
          try add(bench.figures(of: kind, outputs: layer[0], inputs: layer[1]))
        }
      }
    }
  }
}
