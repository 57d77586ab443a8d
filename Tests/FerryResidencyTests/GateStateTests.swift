import Testing

@testable import FerryResidency

@Suite("The state of a gate")
struct GateStateTests {
  @Test("lets steps in together and a move alone")
  func sides() {
    var state = GateState<Int>()
    #expect(enter(&state, .step) == true)
    #expect(enter(&state, .step) == true)
    #expect(enter(&state, .reading) == true)
    for side in [GateSide.step, .step, .reading] {
      #expect(enter(&state, .move) == false)
      #expect(state.leave(side).isEmpty)
    }
    #expect(enter(&state, .move) == true)
    #expect(enter(&state, .reading) == false)
    #expect(enter(&state, .step) == false)
    #expect(enter(&state, .move) == false)
  }

  @Test("keeps the order of arrival: steps after a waiting move wait too")
  func order() {
    var state = GateState<Int>()
    #expect(enter(&state, .step) == true)
    state.wait(1, .move)
    #expect(enter(&state, .step) == false)
    state.wait(2, .step)
    state.wait(3, .step)
    state.wait(4, .move)
    state.wait(5, .step)
    #expect(state.leave(.step) == [1])
    #expect(state.leave(.move) == [2, 3])
    #expect(state.leave(.step).isEmpty)
    #expect(state.leave(.step) == [4])
    #expect(state.leave(.move) == [5])
    #expect(state.leave(.step).isEmpty)
    #expect(state.holders == .nobody)
  }

  @Test("lets steps in beside a move that opens, until it leaves, and nobody else")
  func arrival() {
    var state = GateState<Int>()
    #expect(enter(&state, .move) == true)
    state.wait(1, .step)
    #expect(state.open() == [1])
    #expect(enter(&state, .step) == true)
    #expect(enter(&state, .reading) == false)
    state.wait(2, .reading)
    state.wait(3, .move)
    #expect(state.leave(.step).isEmpty)
    #expect(state.holders == .arrival(steps: 1))
    #expect(state.leave(.move) == [2])
    #expect(state.leave(.reading).isEmpty)
    #expect(state.leave(.step) == [3])
    #expect(enter(&state, .step) == false)
  }

  @Test("is empty again when a move that opened leaves after its steps")
  func emptied() {
    var state = GateState<Int>()
    #expect(enter(&state, .move) == true)
    #expect(state.open().isEmpty)
    #expect(enter(&state, .step) == true)
    #expect(state.leave(.step).isEmpty)
    #expect(state.leave(.move).isEmpty)
    #expect(state.holders == .nobody)
  }

  @Test("lets those behind a waiter in when it gives up")
  func givingUp() {
    var state = GateState<Int>()
    #expect(enter(&state, .step) == true)
    state.wait(1, .move)
    state.wait(2, .step)
    let first = state.giveUp(1)
    #expect(first.waited && first.admitted == [2])
    let second = state.giveUp(1)
    #expect(!second.waited && second.admitted.isEmpty)
    #expect(state.holders == .users(2))
  }

  private func enter(_ state: inout GateState<Int>, _ side: GateSide) -> Bool {
    state.tryEnter(side)
  }
}
