/// What a pool does next.
enum PoolAction: Sendable {
  /// These requests got their leases.
  case grant([Int])
  /// This request fails.
  case fail(Int, ResidencyError)
  /// Segments go and others come.
  case load(PoolLoad)
  /// Nothing until something happens, or at the latest until this time where one is given.
  case wait(until: Double?)
}

/// Segments that go and others that come in their place. The room is the load's from the beginning.
struct PoolLoad: Sendable {
  /// Who comes, by number.
  let model: Int
  /// Which segments of it; none where others only go.
  let segments: [Int]
  /// Who goes for it, by number.
  let victims: [Victim]
  /// The ring that the model that comes gets for what does not fit; nil where all of it does.
  var ring: RingPlan.Room?
  let purpose: Purpose
  let control = LoadControl()

  /// Whether segments of this model come or go.
  func concerns(_ number: Int) -> Bool {
    model == number || victims.contains { $0.model == number }
  }

  /// What a load is for.
  enum Purpose: Sendable {
    /// Somebody waits.
    case request
    /// Somebody asked for it to be there before they need it.
    case prefetch
    /// It was announced to be next.
    case declared
    /// A model leaves.
    case departure
  }

  /// Segments that one model gives up.
  struct Victim: Sendable {
    let model: Int
    let segments: [Int]
    /// The ring that goes too.
    var ring: RingPlan.Room?
  }
}
