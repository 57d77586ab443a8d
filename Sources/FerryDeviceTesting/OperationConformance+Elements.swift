import FerryFormats
import FerryOperations
import FerryTensors

extension OperationConformance {
  static let elementChecks: [OperationCheck] = [
    OperationCheck("siluMultiply of any type and size, into another tensor and in place") { bench in
      for type in ElementType.tested {
        for count in [1, 127, 576] { try silu(TestValues.numbers(count, seed: 9), type, bench) }
      }
    },
    OperationCheck("siluMultiply stays finite for large gates") { bench in
      try silu([0, -0.0, 1, -1, 20, -20, 88, -88, 100, -100, 3e4, -3e4], .f32, bench)
    },
    OperationCheck("add is one rounding, of equal types and of others") { bench in
      for type in ElementType.tested { try add(type, type, bench) }
      try add(.f32, .bf16, bench)
      try add(.f16, .f32, bench)
    },
  ]

  private static func silu(
    _ gates: [Float], _ type: ElementType, _ bench: OperationFixture
  ) throws {
    let gate = try bench.tensor(gates, type)
    let up = try bench.tensor(TestValues.numbers(gates.count, seed: 10, scale: 2), type)
    let output = try bench.output(type, shape: [gates.count])
    try bench.reference.siluMultiply(gate: gate.host, up: up.host, into: output.host)
    try bench.operations.siluMultiply(gate: gate.device, up: up.device, into: output.device)
    try bench.requireClose(output, "\(gates.count) of \(type)", bound: 1e-6)
    try bench.reference.siluMultiply(gate: gate.host, up: up.host, into: gate.host)
    try bench.operations.siluMultiply(gate: gate.device, up: up.device, into: gate.device)
    try bench.requireClose(gate, "\(gates.count) of \(type) in place", bound: 1e-6)
  }

  private static func add(
    _ type: ElementType, _ other: ElementType, _ bench: OperationFixture
  ) throws {
    let target = try bench.tensor(TestValues.numbers(333, seed: 11), type)
    let values = try bench.tensor(TestValues.numbers(333, seed: 12, scale: 9), other)
    try bench.reference.add(values.host, to: target.host)
    try bench.operations.add(values.device, to: target.device)
    try bench.requireEqualBytes(target, "\(other) to \(type)")
  }
}
