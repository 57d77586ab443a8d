import ArgumentParser
import Ferry

/// `ferry inspect`
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what a checkpoint holds, without loading it.")

  @OptionGroup var source: PathArgument
  @OptionGroup var output: OutputOptions

  func run() throws {
    let inspection = try CommandEngine.current.inspect(source.path)
    let document = Document(inspection)
    try output.show(document) { document.text }
  }

  private struct Document: Encodable {
    struct Tensor: Encodable {
      let name, format, dtype: String
      let shape: [Int]
      @Nullable var blockSize: Int?
      let nested: Bool
      let bytes: Int
    }
    struct Quantization: Encodable {
      let method: String
      @Nullable var bits: Int?
      @Nullable var type: String?
      @Nullable var doubleQuant: Bool?
      @Nullable var threshold: Float?
      @Nullable var skippedModules: [String]?
    }
    struct Split: Encodable { let part, count: Int }
    let path, container: String
    let bytes: Int
    @Nullable var quantization: Quantization?
    @Nullable var split: Split?
    let tensors: [Tensor]

    init(_ inspection: CheckpointInspection) {
      path = inspection.path
      container = inspection.container
      bytes = inspection.byteCount
      quantization = inspection.quantization.map {
        Quantization(
          method: $0.method, bits: $0.bits, type: $0.type, doubleQuant: $0.isNested,
          threshold: $0.threshold, skippedModules: $0.skippedModules)
      }
      split = inspection.split.map { Split(part: $0.part, count: $0.count) }
      tensors = inspection.tensors.map {
        Tensor(
          name: $0.name, format: $0.format, dtype: $0.dtype, shape: $0.shape,
          blockSize: $0.blockSize, nested: $0.isNested, bytes: $0.byteCount)
      }
    }

    var text: String {
      let width = tensors.map(\.name.printable.count).max() ?? 0
      let typeWidth = max(5, tensors.map(\.dtype.printable.count).max() ?? 0)
      let rows = tensors.map { tensor in
        let block = tensor.blockSize.map { " / \($0)\(tensor.nested ? ", nested" : "")" } ?? ""
        let shape = tensor.shape.map(String.init).joined(separator: " × ")
        return "\(tensor.name.printable.padded(width))  \((tensor.format + block).padded(18))  "
          + "\(tensor.dtype.printable.padded(typeWidth)) \(shape.padded(16)) \(tensor.bytes.spelledAsBytes.paddedLeft(9))\n"
      }
      return
        "\(path): \(container)\(place), \(tensors.count.counted("weight")), \(bytes.spelledAsBytes)\(scheme)\n"
        + rows.joined()
    }

    private var scheme: String {
      guard let quantization else { return "" }
      let bits = quantization.bits.map { " \($0)-bit" } ?? ""
      let type = quantization.type.map { " \($0)" } ?? ""
      return ", \(quantization.method.printable)\(bits)\(type)"
    }

    private var place: String {
      guard let split else { return "" }
      return
        ", part \(split.part) of \(split.count) of a split model (llama-gguf-split --merge joins them)"
    }
  }
}
