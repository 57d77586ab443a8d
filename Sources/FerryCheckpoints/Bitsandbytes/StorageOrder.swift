import FerryFormats

/// The order in which Ferry stores tensors, and the padding between groups of them.
package enum StorageOrder {
  /// Groups start at multiples of this many bytes where a document allows it.
  package static let alignment = 256

  /// The tensors of the groups (segments), one group after the other.
  ///
  /// Within a group the larger element types come first, so that each tensor is aligned to its elements,
  /// and JSON documents last; the last one is lengthened (to be filled with spaces) so that the next
  /// group starts at a multiple of ``alignment``. A group without a document stays as long as it is.
  package static func arranged<Owner>(
    _ groups: [[(tensor: WeightTensor, owner: Owner)]]
  ) -> [(tensor: WeightTensor, owner: Owner)] {
    var arranged: [(tensor: WeightTensor, owner: Owner)] = []
    var end = 0
    for group in groups {
      var group = sorted(group)
      let size = group.reduce(0) { $0 + $1.tensor.output.byteCount }
      if let last = group.indices.last, case .document = group[last].tensor.content {
        let padding = (alignment - (end + size) % alignment) % alignment
        group[last].tensor.output.shape[0] += padding
        end += padding
      }
      end += size
      arranged += group
    }
    return arranged
  }

  private static func sorted<Owner>(_ group: [(tensor: WeightTensor, owner: Owner)])
    -> [(tensor: WeightTensor, owner: Owner)]
  {
    let order = group.indices.sorted { (rank(group[$0].tensor), $0) < (rank(group[$1].tensor), $1) }
    return order.map { group[$0] }
  }

  /// Lower comes first.
  private static func rank(_ tensor: WeightTensor) -> Int {
    if tensor.isDocument { return 0 }
    return -tensor.output.alignment
  }
}
