/// The block encodings of GGUF that Ferry reads (as floats).
package enum GGUFBlockType: String, Hashable, Sendable, CaseIterable {
  case q4_0, q4_1, q8_0
}
