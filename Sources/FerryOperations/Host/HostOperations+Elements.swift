import CHostKernels
public import FerryTensors

extension HostOperations {
  /// gate / (1 + exp(−gate)) · up, in f32.
  public func siluMultiply(gate: Tensor, up: Tensor, into output: Tensor) throws {
    try checks.siluMultiply(gate: gate, up: up, into: output)
    let (gates, ups, target) = (HostTensor(gate), HostTensor(up), HostTensor(output))
    pool.run(count: gate.count, grain: Self.elementGrain) { range in
      let first = range.lowerBound
      ferry_silu_multiply(
        level.rawValue, gates.at(first), gates.type, ups.at(first), ups.type, target.at(first),
        target.type, Int64(range.count))
    }
  }

  /// x · the normal distribution's share below x, in f32.
  public func gelu(_ input: Tensor, into output: Tensor) throws {
    try checks.gelu(input, into: output)
    let (source, target) = (HostTensor(input), HostTensor(output))
    pool.run(count: input.count, grain: Self.elementGrain) { range in
      let first = range.lowerBound
      ferry_gelu(
        level.rawValue, source.at(first), source.type, target.at(first), target.type,
        Int64(range.count))
    }
  }

  /// One sum rounded to f32 an element.
  public func add(_ values: Tensor, to target: Tensor) throws {
    try checks.add(values, to: target)
    let (source, sums) = (HostTensor(values), HostTensor(target))
    pool.run(count: values.count, grain: Self.elementGrain) { range in
      let first = range.lowerBound
      ferry_add(
        level.rawValue, source.at(first), source.type, sums.at(first), sums.type,
        Int64(range.count))
    }
  }
}
