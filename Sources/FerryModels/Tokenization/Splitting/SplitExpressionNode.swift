/// A part of a regular expression.
indirect enum SplitExpressionNode {
  case scalar(ScalarSet)
  case run(ScalarSet, least: Int, most: Int, isFinal: Bool)
  case ahead(ScalarSet, isWanted: Bool)
  case sequence([SplitExpressionNode])
  case choice([SplitExpressionNode])
  case optional(SplitExpressionNode)

  /// The minimum number of scalars that the node matches.
  var leastCount: Int {
    switch self {
    case .scalar: 1
    case .run(_, let least, _, _): least
    case .ahead, .optional: 0
    case .sequence(let parts): parts.reduce(0) { $0 + $1.leastCount }
    case .choice(let parts): parts.map(\.leastCount).min() ?? 0
    }
  }

  func compile(into program: inout [SplitExpression.Instruction]) {
    switch self {
    case .scalar(let set): program.append(.scalar(set))
    case .run(let set, let least, let most, let isFinal):
      program.append(.run(set, least: least, most: most, isFinal: isFinal))
    case .ahead(let set, let isWanted): program.append(.ahead(set, isWanted: isWanted))
    case .sequence(let parts): for part in parts { part.compile(into: &program) }
    case .choice(let parts): Self.compile(parts[...], into: &program)
    case .optional(let part):
      let place = program.count
      program.append(.match)
      part.compile(into: &program)
      program[place] = .either(place + 1, program.count)
    }
  }

  private static func compile(
    _ parts: ArraySlice<SplitExpressionNode>, into program: inout [SplitExpression.Instruction]
  ) {
    guard let first = parts.first, parts.count > 1 else {
      parts.first?.compile(into: &program)
      return
    }
    let place = program.count
    program.append(.match)
    first.compile(into: &program)
    let end = program.count
    program.append(.match)
    program[place] = .either(place + 1, program.count)
    compile(parts.dropFirst(), into: &program)
    program[end] = .jump(program.count)
  }
}
