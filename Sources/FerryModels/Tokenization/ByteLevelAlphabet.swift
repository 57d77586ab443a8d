/// The printable stand-ins that byte-level vocabularies write for bytes (from GPT-2): printable
/// Latin-1 stands for itself, the other 68 bytes take U+0100 and up in ascending order.
enum ByteLevelAlphabet {
  /// The scalar of each byte.
  static let scalars: [Unicode.Scalar] = (0...255).map { byte in
    if standsForItself(UInt8(byte)) { return Unicode.Scalar(UInt8(byte)) }
    let place = (0..<byte).count { !standsForItself(UInt8($0)) }
    return Unicode.Scalar(UInt16(0x100 + place)) ?? "\u{fffd}"
  }

  /// The bytes that a token of such a vocabulary stands for; nil if it has other characters.
  static func bytes(of token: some Collection<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(token.count)
    for scalar in String(decoding: token, as: UTF8.self).unicodeScalars {
      guard scalar.value < byteOfScalar.count, byteOfScalar[Int(scalar.value)] >= 0 else {
        return nil
      }
      result.append(UInt8(byteOfScalar[Int(scalar.value)]))
    }
    return result
  }

  private static func standsForItself(_ byte: UInt8) -> Bool {
    (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174
  }

  /// The byte of each scalar below U+0144; -1: none.
  private static let byteOfScalar: [Int16] = {
    var table = [Int16](repeating: -1, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = Int16(byte) }
    return table
  }()
}
