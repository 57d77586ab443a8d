/// The quantization that a configuration declares, if it is not bitsandbytes' (GPTQ, AWQ, compressed-tensors, fp8, …).
///
/// The tensors of such a model are stored and moved unchanged; only code that computes with them has to know more.
package struct ForeignQuantization: Hashable, Sendable {
  /// The library or format, as given by `quant_method`.
  package let method: String
  /// The number of bits per weight, if the configuration gives it as a single integer.
  package let bitCount: Int?

  /// Reads `quantization_config` of a Hugging Face configuration; nil if it is absent or describes bitsandbytes.
  package init?(configuration: JSONValue) {
    guard let section = configuration["quantization_config"],
      let method = section["quant_method"]?.string, method != QuantizationConfiguration.method
    else { return nil }
    self.method = method
    bitCount = section["bits"]?.integer
  }
}
