import FerryCheckpoints

/// How a GGUF file of the Llama kind calls weights, and in which order it stores their rows.
struct GGUFNames: StoredNames {
  /// The tensor of factors that rotary frequencies are divided by.
  static let rotaryFactors = "rope_freqs.weight"

  /// The architecture the file names.
  let architecture: GGUFArchitecture
  /// Query heads, and key heads.
  let headCount: Int, keyValueHeadCount: Int

  /// Hugging Face's name of a tensor of the file; nil for one that is no weight of the model, or
  /// that this kind of model does not have.
  func huggingFaceName(_ name: String) -> String? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2, let module = Self.outside[parts[0]] {
      return module[parts[1]].path
    }
    guard parts.count == 4, parts[0] == "blk", let layer = Int(parts[1]), String(layer) == parts[1],
      let module = Self.inLayer[parts[2]]
    else { return nil }
    return module.reduce(LlamaNames.model["layers"][layer]) { $0[$1] }[parts[3]].path
  }

  /// The order of the rows of a tensor of the file, where it is not Hugging Face's.
  ///
  /// Architecture "llama" rotates neighbouring elements of a head, Hugging Face elements half a head
  /// apart; llama.cpp's converter therefore reorders the rows of queries and keys, and their biases.
  func rowOrder(_ name: String) -> HeadRowOrder? {
    guard architecture.interleavesHeads else { return nil }
    let module = name.split(separator: ".").dropFirst(2).first
    switch module {
    case "attn_q": return HeadRowOrder(headCount: headCount)
    case "attn_k": return HeadRowOrder(headCount: keyValueHeadCount)
    default: return nil
    }
  }

  private static let outside: [String: WeightNames] = [
    "token_embd": LlamaNames.model["embed_tokens"], "output_norm": LlamaNames.model["norm"],
    "output": WeightNames()["lm_head"],
  ]

  private static let inLayer: [String: [String]] = [
    "attn_norm": ["input_layernorm"], "attn_q": ["self_attn", "q_proj"],
    "attn_k": ["self_attn", "k_proj"], "attn_v": ["self_attn", "v_proj"],
    "attn_output": ["self_attn", "o_proj"], "ffn_norm": ["post_attention_layernorm"],
    "ffn_gate": ["mlp", "gate_proj"], "ffn_up": ["mlp", "up_proj"],
    "ffn_down": ["mlp", "down_proj"],
  ]
}

/// The order in which GGUF files of architecture "llama" store the rows of queries and keys: within a
/// head of size d, row 2i is row i of the model and row 2i + 1 is row i + d/2.
package struct HeadRowOrder: Hashable, Sendable {
  /// How many heads the rows are of.
  package let headCount: Int

  package init(headCount: Int) { self.headCount = headCount }

  /// The stored row that is row `row` of the model.
  package func storedRow(_ row: Int, of rowCount: Int) -> Int {
    let size = rowCount / headCount
    let (head, within) = row.quotientAndRemainder(dividingBy: size)
    let (half, pair) = within.quotientAndRemainder(dividingBy: size / 2)
    return head * size + 2 * pair + half
  }

  /// Writes the rows of `stored` to `rows` in the model's order; both hold `rowCount` rows of equal
  /// sizes, and rowCount is a multiple of the heads times 2.
  package func restore(
    _ stored: UnsafeRawBufferPointer, to rows: UnsafeMutableRawBufferPointer, rowCount: Int
  ) {
    precondition(stored.count == rows.count && rowCount.isMultiple(of: 2 * headCount))
    let rowBytes = stored.count / rowCount
    for row in 0..<rowCount {
      let source = storedRow(row, of: rowCount) * rowBytes
      UnsafeMutableRawBufferPointer(rebasing: rows[row * rowBytes..<(row + 1) * rowBytes])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: stored[source..<source + rowBytes]))
    }
  }
}
