package import FerryCheckpoints
import FerryFormats

extension Checkpoint {
  /// Throws if this is one part of a split model, which cannot be computed with, converted or moved by itself.
  package func checkWholeness() throws(ModelError) {
    guard let split = metadata?.split else { return }
    throw ModelError(
      .unsupported,
      "\(path) is part \(split.part) of \(split.count) of a split model; join the parts with "
        + "llama-gguf-split --merge, and name the file that it writes")
  }

  /// Throws if the configuration says that another library quantized the model, because Ferry does not know what its
  /// tensors mean.
  package func checkComputability() throws(ModelError) {
    guard let method = foreignQuantization?.method else { return }
    throw ModelError(
      .unsupported,
      "\(path) is quantized by '\(method)' (quant_method of its configuration), which Ferry inspects and moves but "
        + "does not decode; use the model in full precision, or quantized by bitsandbytes")
  }
}

extension SourceWeights {
  /// Returns the name of the type in which a weight is stored, as its file spells it.
  package func typeName(of weight: SourceWeight) -> String {
    guard let number = weight.stored.parts.first.flatMap(\.self) else {
      return weight.elementType.rawValue
    }
    let encoding = checkpoint.tensors[number].encoding
    if case .opaque(let type) = encoding { return type.name }
    return encoding.typeName
  }

  /// The types in such a file that Ferry computes with, for the remedy in an error.
  package var computableTypes: String {
    checkpoint.container == .gguf
      ? "use a file in F32, F16, BF16, Q4_0, Q4_1 or Q8_0" : "F32, F16 and BF16 run"
  }
}
