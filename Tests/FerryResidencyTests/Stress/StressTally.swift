/// What happened in a stress run.
struct StressTally: Sendable {
  var leases = 0
  var comparedSegments = 0
  var differences = 0
  var loads = 0
  var failedLoads = 0
  var steps = 0
  var writeBacks = 0
  var keptCaches = 0
  var moves = 0
  var refusals = 0
  var unexpected: [String] = []
}
