import FerryCheckpoints
import FerryFormats
import FerryModels

/// Everything of a model but its weights: the configuration, the tokenizer, the chat template.
struct ModelFiles {
  private let source: SourceWeights
  private let quantization: QuantizationConfiguration?
  private let plainType: ElementType?

  /// The files of `source`, with `quantization` as the configuration of the result, whose plain weights are in
  /// `plainType` if that is given.
  init(
    _ source: SourceWeights, quantization: QuantizationConfiguration?, plainType: ElementType? = nil
  ) {
    self.source = source
    self.quantization = quantization
    self.plainType = plainType
  }

  /// Opens the destination: a file for a bare weight file, else a folder with all of these files in it.
  func open(
    _ destination: String, tensors: [OutputTensor], replacing: Bool, maximumShardBytes: Int
  ) throws -> ConversionTarget {
    try check(
      destination,
      isDistinctFrom: [source.checkpoint.path] + source.checkpoint.files.map(\.path))
    if [.safetensors, .ncnn].contains(source.checkpoint.container) {
      return .file(
        try SafetensorsWriter(
          path: destination, tensors: tensors,
          metadata: fileMetadata,
          replacing: replacing))
    }
    let folder = try FolderWriter(destination: destination, replacing: replacing)
    let leftOut = try write(to: folder, at: destination)
    try folder.checkReplaced()
    let weights = try ShardedWriter(
      folder: folder, tensors: tensors, maximumShardBytes: maximumShardBytes,
      names: source.checkpoint.weightFiles)
    return .folder(folder, weights, leftOut: leftOut)
  }

  /// The source's metadata, unless the model overrides it; loaders require the format.
  private var fileMetadata: [(key: String, value: String)] {
    let own = source.blueprint?.fileMetadata ?? []
    let kept = source.checkpoint.fileMetadata.flatMap(\.self).compactMap { member in
      member.value.string.map { (key: member.key, value: $0) }
    }.filter { entry in !own.contains { $0.key.hasSameBytes(as: entry.key) } }
    let hasFormat = kept.contains { $0.key.hasSameBytes(as: "format") }
    return (hasFormat ? [] : [("format", "pt")]) + kept + own
  }

  /// Throws if the destination is one of `paths`, which belong to the source, or contains one of them.
  private func check(_ destination: String, isDistinctFrom paths: [String]) throws {
    guard !paths.contains(where: { FileTree.contains(destination, $0) }) else {
      throw FerryError(
        .exists, "\(destination) holds the source itself; write the result to another place")
    }
  }

  /// Writes everything except the weights; returns the paths of the source that are left out.
  private func write(to folder: FolderWriter, at destination: String) throws -> [String] {
    if let metadata = source.checkpoint.metadata {
      try writeFiles(madeFrom: metadata, to: folder)
      return []
    }
    let companions = try CompanionFiles(of: source.checkpoint)
    try check(
      destination,
      isDistinctFrom: (companions.copied + ["config.json"]).map {
        "\(source.checkpoint.path)/\($0)"
      })
    try companions.copy(from: source.checkpoint.path, to: folder)
    if let configuration = source.checkpoint.configuration {
      try write(updated(configuration), "config.json", to: folder)
    }
    return companions.leftOut
  }

  private func writeFiles(madeFrom metadata: GGUFMetadata, to folder: FolderWriter) throws {
    guard let blueprint = source.blueprint else {
      throw FerryError(
        .unknownFamily,
        "\(source.checkpoint.path) is not of a model family that Ferry knows, so it cannot write "
          + "the configuration a folder needs")
    }
    try write(updated(blueprint.huggingFaceConfiguration()), "config.json", to: folder)
    try write(blueprint.generationConfiguration, "generation_config.json", to: folder)
    guard metadata.strings("tokenizer.ggml.tokens") != nil else { return }
    let tokenizer = try TokenizerFiles(gguf: metadata, file: source.checkpoint.path)
    for file in tokenizer.files { try write(file.document, file.name, to: folder) }
  }

  private func write(_ document: JSONValue, _ name: String, to folder: FolderWriter) throws {
    try folder.write(Array((document.serialized(.indented) + "\n").utf8), named: name)
  }

  /// A configuration that says how the result is quantized, and in which type the rest is, in the words of
  /// transformers 5, of 4, or of both, as it does already.
  private func updated(_ configuration: JSONValue) -> JSONValue {
    // Another library's description of its own format stays as it is, like the tensors.
    let updated =
      source.checkpoint.foreignQuantization == nil
      ? configuration.setting("quantization_config", to: quantization?.document) : configuration
    guard let name = plainType?.torchName else { return updated }
    let present = ["dtype", "torch_dtype"].filter { configuration[$0] != nil }
    return (present.isEmpty ? ["torch_dtype"] : present).reduce(updated) {
      $0.setting($1, to: .string(name))
    }
  }
}
