/// The weight files of a folder that make up its model.
///
/// The usual names come first: `model.safetensors` or its index, then diffusers' `diffusion_pytorch_model`. Without
/// those, a single candidate of any name is used: a variant (`model.fp16.safetensors`), `adapter_model.safetensors`,
/// another index, a `.gguf` file. If there are several candidates, none is chosen.
enum FolderWeights {
  /// One safetensors file, identified by its name in the folder.
  case file(String)
  /// Several safetensors files, identified by the name of their index.
  case index(String)
  /// A GGUF file.
  case gguf(String)

  /// Finds the weight files in `folder`.
  init(in folder: CheckpointFolder) throws(CheckpointError) {
    for names in [WeightFileNames.model, .diffusion] {
      if let found = try Self.usual(names, in: folder) {
        self = found
        return
      }
    }
    let names = try folder.names()
    let candidates = Self.candidates(among: names)
    guard candidates.count == 1 else {
      throw candidates.isEmpty
        ? Self.noWeights(names, in: folder) : Self.ambiguous(candidates, in: folder)
    }
    let name = candidates[0]
    self = name.hasByteSuffix(".gguf") ? .gguf(name) : name.isIndex ? .index(name) : .file(name)
  }

  /// The naming scheme of the files.
  var names: WeightFileNames {
    switch self {
    case .file(let name), .index(let name): WeightFileNames(name) ?? .model
    case .gguf: .model
    }
  }

  private static func usual(
    _ names: WeightFileNames, in folder: CheckpointFolder
  ) throws(CheckpointError) -> FolderWeights? {
    switch (try folder.has(names.whole), try folder.has(names.index)) {
    case (true, false): return .file(names.whole)
    case (false, true): return .index(names.index)
    case (false, false): return nil
    case (true, true):
      throw CheckpointError(
        .malformed, file: folder.path,
        "holds both \(names.whole) and \(names.index); remove the one that is out of date")
    }
  }

  /// Returns the names that could each be a model, sorted: indexes, weight files that no index covers, and GGUF files.
  /// Hidden files are ignored.
  private static func candidates(among names: [String]) -> [String] {
    let visible = names.filter { !$0.hasPrefix(".") }
    let indexes = visible.filter(\.isIndex)
    let files = visible.filter { name in
      name.hasByteSuffix(".safetensors") && !(WeightFileNames.isShard(name) && !indexes.isEmpty)
    }
    return (indexes + files + visible.filter { $0.hasByteSuffix(".gguf") }).sorted()
  }

  private static func ambiguous(
    _ candidates: [String], in folder: CheckpointFolder
  ) -> CheckpointError {
    let listed = candidates.prefix(8).joined(separator: ", ") + (candidates.count > 8 ? ", …" : "")
    let remedy =
      candidates.allSatisfy(WeightFileNames.isShard)
      ? (candidates[0].hasByteSuffix(".gguf")
        ? "these are the parts of a split model; join them with llama-gguf-split --merge"
        : "these are the parts of a model whose index (\(WeightFileNames.model.index)) is missing; get it as well")
      : "name the one that is meant"
    return CheckpointError(
      .unsupported, file: folder.path,
      "holds \(candidates.count) weight files (\(listed)); \(remedy)")
  }

  private static func noWeights(
    _ names: [String], in folder: CheckpointFolder
  ) -> CheckpointError {
    if let pickle = names.first(where: isPickle) {
      return CheckpointError(
        .unsupported, file: folder.path, "holds \(pickle), a pickle; convert it to safetensors")
    }
    return CheckpointError(
      .unreadable, file: folder.path,
      "holds neither \(WeightFileNames.model.whole) nor \(WeightFileNames.model.index), nor another safetensors or "
        + "GGUF file; name a folder with weights, or the weight file itself")
  }

  /// Returns true if a file holds weights in PyTorch's pickle format, judging by its name.
  private static func isPickle(_ name: String) -> Bool {
    ["pytorch_model", "diffusion_pytorch_model", "adapter_model"].contains { stem in
      name.hasPrefix(stem) && (name.hasSuffix(".bin") || name.hasSuffix(".bin.index.json"))
    }
  }
}

extension String {
  /// A Boolean value that indicates whether this is the name of an index of safetensors files.
  fileprivate var isIndex: Bool {
    hasByteSuffix(".json") && WeightFileNames(self) != nil
  }
}
