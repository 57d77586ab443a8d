import FerryTensors

/// A run of file bytes that is wanted at one place in memory.
struct FilePiece {
  let file: Int
  let offset: Int
  let target: UnsafeMutableRawBufferPointer

  var end: Int { offset + target.count }

  /// Reads all pieces, in file order, neighbours together: what lies side by side in a file costs
  /// one system call, however many tensors it is.
  static func read(_ pieces: inout [FilePiece], from files: [MappedFile]) throws {
    if !pieces.isInFileOrder { pieces.sort { ($0.file, $0.offset) < ($1.file, $1.offset) } }
    let gap = UnsafeMutableRawBufferPointer.allocate(byteCount: largestGap, alignment: 16)
    defer { gap.deallocate() }
    var first = 0
    while first < pieces.count {
      var targets = [pieces[first].target]
      var last = first
      while last + 1 < pieces.count, pieces[last].isNear(pieces[last + 1]) {
        let distance = pieces[last + 1].offset - pieces[last].end
        if distance > 0 {
          targets.append(UnsafeMutableRawBufferPointer(rebasing: gap[..<distance]))
        }
        targets.append(pieces[last + 1].target)
        last += 1
      }
      try files[pieces[first].file].read(scattering: targets, at: pieces[first].offset)
      first = last + 1
    }
  }

  /// Reading that many unwanted bytes costs less than another system call.
  private static let largestGap = 4096

  private func isNear(_ next: FilePiece) -> Bool {
    file == next.file && end <= next.offset && next.offset - end <= Self.largestGap
  }
}

extension [FilePiece] {
  fileprivate var isInFileOrder: Bool {
    zip(self, dropFirst()).allSatisfy { ($0.file, $0.offset) <= ($1.file, $1.offset) }
  }
}
