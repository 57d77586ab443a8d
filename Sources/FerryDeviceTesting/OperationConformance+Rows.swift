import FerryFormats
import FerryOperations
import FerryTensors

extension OperationConformance {
  static let rowChecks: [OperationCheck] = [
    OperationCheck("rmsNorm divides rows of any length by their root mean square") { bench in
      for columns in [1, 15, 16, 31, 160, 576] {
        for rows in [1, 7] { try norm(rows, columns, .f32, .f32, bench) }
      }
    },
    OperationCheck("rmsNorm takes activations and weights of every type") { bench in
      for (type, weight) in zip(ElementType.tested + [.f32], [ElementType.bf16, .f16, .bf16, .f16])
      {
        try norm(3, 100, type, weight, bench)
      }
    },
    OperationCheck("rmsNorm of a row of zeros is zeros") { bench in
      let input = try bench.tensor([Float](repeating: 0, count: 40), shape: [2, 20])
      let weight = try bench.weight(
        TestValues.numbers(20, seed: 3), .plain(.f32), shape: [20])
      let output = try bench.output(shape: [2, 20])
      for (operations, isHost) in [
        (bench.reference as any Operations, true), (bench.operations, false),
      ] {
        try operations.rmsNorm(
          isHost ? input.host : input.device, weight: isHost ? weight.host : weight.device,
          epsilon: 1e-6, into: isHost ? output.host : output.device)
      }
      try bench.requireClose(output, "zeros")
    },
    OperationCheck("rotate turns the pairs of whole and of partly rotated heads") { bench in
      for type in ElementType.tested {
        try rotate(HeadShape(count: 3, size: 16, rotarySize: 16), rows: 5, at: 2, type, bench)
      }
      try rotate(HeadShape(count: 2, size: 20, rotarySize: 6), rows: 1, at: 7, .f32, bench)
      try rotate(HeadShape(count: 9, size: 64, rotarySize: 64), rows: 2, at: 0, .f32, bench)
      try rotate(HeadShape(count: 1, size: 4, rotarySize: 0), rows: 2, at: 0, .f32, bench)
    },
    OperationCheck("store writes rows of any type into a cache of any type") { bench in
      for values in ElementType.tested {
        for cache in ElementType.tested { try store(values, into: cache, bench) }
      }
    },
  ]

  private static func norm(
    _ rows: Int, _ columns: Int, _ type: ElementType, _ weightType: ElementType,
    _ bench: OperationFixture
  ) throws {
    let shape = [rows, columns]
    let values = TestValues.numbers(rows * columns, seed: UInt64(columns), scale: 3)
    let input = try bench.tensor(values, type, shape: shape)
    let weight = try bench.weight(
      TestValues.numbers(columns, seed: 2), .plain(weightType), shape: [columns])
    let output = try bench.output(type, shape: shape)
    try bench.reference.rmsNorm(
      input.host, weight: weight.host, epsilon: 1e-5, into: output.host)
    try bench.operations.rmsNorm(
      input.device, weight: weight.device, epsilon: 1e-5, into: output.device)
    try bench.requireClose(output, "\(rows) rows of \(columns) \(type)")
  }

  private static func rotate(
    _ heads: HeadShape, rows: Int, at position: Int, _ type: ElementType, _ bench: OperationFixture
  ) throws {
    let shape = [rows, heads.count * heads.size]
    let values = TestValues.numbers(shape[0] * shape[1], seed: 5)
    let turned = try bench.tensor(values, type, shape: shape)
    let half = heads.rotarySize / 2
    let positions = position + rows + 1
    let tables = try bench.tensor(
      TestValues.numbers(positions * 2 * half, seed: 6), shape: [positions, 2, half])
    try bench.reference.rotate(
      turned.host, heads: heads, tables: tables.host, firstPosition: .number(position))
    try bench.operations.rotate(
      turned.device, heads: heads, tables: tables.device, firstPosition: .number(position))
    try bench.requireClose(turned, "\(heads) of \(type)", bound: 1e-6)
  }

  private static func store(
    _ type: ElementType, into cacheType: ElementType, _ bench: OperationFixture
  ) throws {
    let columns = 33
    let numbers = TestValues.numbers(2 * columns, seed: 7, scale: 100)
    let values = try bench.tensor(numbers, type, shape: [2, columns])
    let cache = try bench.output(cacheType, shape: [5, columns])
    try bench.reference.store(values.host, intoRowsOf: cache.host, at: 2)
    try bench.operations.store(values.device, intoRowsOf: cache.device, at: 2)
    try bench.requireEqualBytes(cache, "\(type) into \(cacheType)")
  }
}
