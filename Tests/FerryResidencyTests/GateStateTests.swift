import Testing

@testable import FerryResidency

@Suite("The state of a gate")
struct GateStateTests {
  @Test("lets steps in together and a move alone")
  func sides() {
    var state = GateState<Int>()
    #expect(enter(&state, .step) == true)
    #expect(enter(&state, .step) == true)
    #expect(enter(&state, .move) == false)
    #expect(leave(&state).isEmpty)
    #expect(enter(&state, .move) == false)
    #expect(leave(&state).isEmpty)
    #expect(enter(&state, .move) == true)
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
    #expect(leave(&state) == [1])
    #expect(leave(&state) == [2, 3])
    #expect(leave(&state).isEmpty)
    #expect(leave(&state) == [4])
    #expect(leave(&state) == [5])
    #expect(leave(&state).isEmpty)
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
    #expect(state.holders == .steps(2))
  }

  private func enter(_ state: inout GateState<Int>, _ side: GateSide) -> Bool {
    state.tryEnter(side)
  }

  private func leave(_ state: inout GateState<Int>) -> [Int] { state.leave() }
}
