extension Replay {
  /// The fewest bytes that any policy, knowing the future, can move: Belady's algorithm on the trace cut into
  /// pages of one byte, so that any part of a model may stay.
  ///
  /// Source: L. A. Belady, IBM Systems Journal 5 (1966); that it is optimal for equal pages: R. L. Mattson et
  /// al., "Evaluation techniques for storage hierarchies", IBM Systems Journal 9 (1970).
  package func lowerBound() -> Int {
    var declared = DeclaredRequests(trace.requests.map(\.model))
    var resident = [Int](repeating: 0, count: trace.models.count)
    var used = 0
    var moved = 0
    for request in trace.requests {
      declared.advance()
      let missing = trace.models[request.model].byteCount - resident[request.model]
      guard missing > 0 else { continue }
      var lacking = max(0, used + missing - budget)
      used += missing - lacking
      moved += missing
      let others = resident.indices.filter { $0 != request.model && resident[$0] > 0 }
      let distances = others.map { (declared.distance(to: $0) ?? .max, $0) }
      for (_, model) in distances.sorted(by: >) where lacking > 0 {
        let freed = min(lacking, resident[model])
        resident[model] -= freed
        lacking -= freed
      }
      resident[request.model] += missing
    }
    return moved
  }
}
