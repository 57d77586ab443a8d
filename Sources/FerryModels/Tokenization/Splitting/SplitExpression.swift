/// A regular expression by which a pre-tokenizer cuts text, of those forms of Oniguruma's that tokenizers use.
///
/// Alternatives are tried in their order, and repetitions take as much as they can and give back one scalar at a
/// time, as in the reference. Only single scalars are repeated without limit, so that a match needs no more memory
/// than the expression has parts. What an expression asks for beyond that is refused when it is read.
struct SplitExpression: Hashable, Sendable {
  /// One step of matching.
  enum Instruction: Hashable, Sendable {
    /// One scalar.
    case scalar(ScalarSet)
    /// So many scalars, as many as possible; one that gives nothing back is final.
    case run(ScalarSet, least: Int, most: Int, isFinal: Bool)
    /// Whether the next scalar is of a set, or is not; behind the last there is none.
    case ahead(ScalarSet, isWanted: Bool)
    /// Goes on at either place, the first one first.
    case either(Int, Int)
    case jump(Int)
    case match
  }

  private let program: [Instruction]

  /// Reads an expression.
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

  /// The end of the match that begins at the cursor, or of what lies before the next match.
  func partEnd(_ text: TextCursor) -> Int {
    if let end = matchEnd(text) { return end }
    var next = text
    repeat { next.advance() } while !next.isAtEnd && matchEnd(next) == nil
    return next.position
  }

  /// The end of the match that begins at the cursor.
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

  /// What can still be tried: a place to go on at, and a position, from which scalars can be given back down to
  /// the floor.
  private struct Alternative {
    let place: Int
    let position: Int
    let floor: Int
  }

  /// Does one step; false where it does not match.
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

  /// Passes over as many scalars as possible; returns where the least of them end, if so many are there.
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

/// An expression, or a part of one, that is not implemented.
struct SplitExpressionError: Error {
  let message: String
}
