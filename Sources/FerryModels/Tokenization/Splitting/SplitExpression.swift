/// A regular expression by which a pre-tokenizer splits text, limited to the subset of Oniguruma's syntax that
/// tokenizers use.
///
/// As in the reference, alternatives are tried in order, and repetitions are greedy and backtrack one scalar at a time.
/// Only single scalars may be repeated without limit, so that the memory that a match needs is bounded by the size of
/// the expression. The parser refuses everything beyond that.
struct SplitExpression: Hashable, Sendable {
  /// One instruction of the matcher.
  enum Instruction: Hashable, Sendable {
    /// One scalar.
    case scalar(ScalarSet)
    /// A greedy repetition of between `least` and `most` scalars; a final one does not backtrack.
    case run(ScalarSet, least: Int, most: Int, isFinal: Bool)
    /// A lookahead: the next scalar must be in the set, or must not be; at the end of the text there is none.
    case ahead(ScalarSet, isWanted: Bool)
    /// Continues at either place, trying the first one first.
    case either(Int, Int)
    case jump(Int)
    case match
  }

  private let program: [Instruction]

  /// Parses an expression.
  init(_ text: String) throws(SplitExpressionError) {
    var parser = SplitExpressionParser(text)
    let node = try parser.parse()
    guard node.leastCount > 0 else {
      throw SplitExpressionError(message: "it matches where there is nothing")
    }
    var program: [Instruction] = []
    node.compile(into: &program)
    self.program = program + [.match]
  }

  /// Returns the end of the match that begins at the cursor or, if there is none, the start of the next match.
  func partEnd(_ text: TextCursor) -> Int {
    if let end = matchEnd(text) { return end }
    var next = text
    repeat { next.advance() } while !next.isAtEnd && matchEnd(next) == nil
    return next.position
  }

  /// Returns the end of the match that begins at the cursor; nil if there is none.
  func matchEnd(_ start: TextCursor) -> Int? {
    var text = start
    var place = 0
    var untried: [Alternative] = []
    while true {
      if program[place] == .match { return text.position }
      if step(&place, &text, &untried) { continue }
      guard let next = untried.popLast() else { return nil }
      place = next.place
      text.position = next.position
      if next.floor < next.position {
        text.retreat()
        untried.append(Alternative(place: place, position: text.position, floor: next.floor))
      }
    }
  }

  /// A backtracking point: the place to continue at, and a position that can move back, one scalar at a time, as far as
  /// the floor.
  private struct Alternative {
    let place: Int
    let position: Int
    let floor: Int
  }

  /// Executes one instruction; returns false if it does not match.
  private func step(
    _ place: inout Int, _ text: inout TextCursor, _ untried: inout [Alternative]
  ) -> Bool {
    switch program[place] {
    case .scalar(let set):
      guard let scalar = text.scalar, set.contains(scalar) else { return false }
      text.advance()
    case .run(let set, let least, let most, let isFinal):
      guard let floor = Self.run(set, least, most, &text) else { return false }
      if !isFinal, floor < text.position {
        untried.append(Alternative(place: place + 1, position: text.position, floor: floor))
      }
    case .ahead(let set, let isWanted):
      guard text.scalar.map(set.contains) ?? false == isWanted else { return false }
    case .either(let first, let second):
      untried.append(Alternative(place: second, position: text.position, floor: text.position))
      place = first
      return true
    case .jump(let target):
      place = target
      return true
    case .match: return false
    }
    place += 1
    return true
  }

  /// Consumes as many scalars as possible; returns the position after the first `least` of them, or nil if there are
  /// fewer.
  private static func run(
    _ set: ScalarSet, _ least: Int, _ most: Int, _ text: inout TextCursor
  ) -> Int? {
    var floor = text.position
    var count = 0
    while count < most, let scalar = text.scalar, set.contains(scalar) {
      text.advance()
      count += 1
      if count == least { floor = text.position }
    }
    return count < least ? nil : floor
  }
}

/// An error for an expression, or part of one, that is not implemented.
struct SplitExpressionError: Error {
  let message: String
}
