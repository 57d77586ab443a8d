/// A token that is found in the text itself, before anything else looks at it.
struct AddedToken: Sendable {
  var id: Int
  var content: [UInt8]
  /// Whether it matches only between characters that are no word characters.
  var isSingleWord = false
  /// Whether it takes along the white space before it, and after it.
  var stripsLeft = false
  var stripsRight = false
  /// Whether it is searched in normalized text, itself normalized, rather than in text as it came.
  var isNormalized = false
  /// Whether decoding may skip it.
  var isSpecial = false
}
