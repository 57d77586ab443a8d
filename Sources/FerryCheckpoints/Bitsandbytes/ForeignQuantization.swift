/// What a configuration says of a quantization that is not bitsandbytes' (GPTQ, AWQ, compressed-tensors, fp8, …).
///
/// The tensors of such a model are kept and moved as they are. Only who computes with them has to know more.
package struct ForeignQuantization: Hashable, Sendable {
  /// The library or format, as `quant_method` names it.
  package let method: String
  /// The bits of a weight, where the configuration gives them as one whole number.
  package let bitCount: Int?

  /// Reads `quantization_config` of a Hugging Face configuration; nil if there is none, or it is bitsandbytes'.
  package init?(configuration: JSONValue) {
    guard let section = configuration["quantization_config"],
      let method = section["quant_method"]?.string, method != QuantizationConfiguration.method
    else { return nil }
    self.method = method
    bitCount = section["bits"]?.integer
  }
}
