extension Replay {
  /// The fewest bytes that any policy, knowing the future, can move: Belady's algorithm on the trace cut into
  /// pages of one byte, so that any part of a model may stay.
  ///
  /// A model that fits must be there as a whole. Of one that does not, a byte need be there only while it is used: a pass
  /// before the last leaves the budget full of the model, since the next pass comes before anything else; after the
  /// last one whatever is asked for first stays, be it the model's or another's.
  ///
  /// Source: L. A. Belady, IBM Systems Journal 5 (1966); that it is optimal for equal pages: R. L. Mattson et
  /// al., "Evaluation techniques for storage hierarchies", IBM Systems Journal 9 (1970).
  package func lowerBound() -> Int {
    var declared = DeclaredRequests(trace.requests.map(\.model))
    var resident = [Int](repeating: 0, count: trace.models.count)
    var moved = 0
    for request in trace.requests {
      declared.advance()
      let byteCount = trace.models[request.model].byteCount
      let missing = byteCount - resident[request.model]
      guard missing > 0 else { continue }
      moved += missing + (request.passes - 1) * max(0, byteCount - budget)
      let fits = byteCount <= budget
      if !fits, request.passes > 1 { resident = resident.map { _ in 0 } }
      resident[request.model] = byteCount
      resident = nearest(resident, declared, before: fits ? request.model : nil)
    }
    return moved
  }

  /// What stays of these bytes: those of `first`, and then those that are asked for first, as many as the budget holds.
  private func nearest(
    _ resident: [Int], _ declared: DeclaredRequests, before first: Int?
  ) -> [Int] {
    var (rest, kept) = (budget, resident)
    let distances = resident.indices.map { model in
      (model == first ? -1 : declared.distance(to: model) ?? .max, model)
    }
    for (_, model) in distances.sorted(by: <) {
      kept[model] = min(resident[model], rest)
      rest -= kept[model]
    }
    return kept
  }
}
