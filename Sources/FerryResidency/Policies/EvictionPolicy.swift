/// Decides which models give up device memory first: a pure function of what is known.
package protocol EvictionPolicy: Sendable {
  /// The name under which it is asked for.
  var name: String { get }

  /// The numbers of the candidates, whoever should give up bytes first at the front.
  func order(_ snapshot: ResidencySnapshot) -> [Int]
}

/// What a policy decides by. Models are known by their numbers.
package struct ResidencySnapshot: Sendable {
  /// A model that holds device memory and may give it up now.
  package struct Candidate: Sendable {
    /// The model.
    package let model: Int
    /// The bytes it holds.
    package let residentBytes: Int
    /// What it costs to bring a byte of it back, in seconds: more for a model in files than for one in
    /// pinned memory.
    package let secondsPerByte: Double

    /// A candidate.
    package init(model: Int, residentBytes: Int, secondsPerByte: Double) {
      self.model = model
      self.residentBytes = residentBytes
      self.secondsPerByte = secondsPerByte
    }
  }

  /// Who may give up bytes.
  package var candidates: [Candidate]
  /// Who was asked for so far.
  package var history: RequestHistory
  /// Who will be asked for, as far as somebody declared it.
  package var declared: DeclaredRequests

  /// A snapshot.
  package init(
    candidates: [Candidate], history: RequestHistory,
    declared: DeclaredRequests = DeclaredRequests()
  ) {
    self.candidates = candidates
    self.history = history
    self.declared = declared
  }
}
