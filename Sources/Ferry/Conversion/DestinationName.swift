import FerryCheckpoints

/// The name of a conversion's result.
struct DestinationName {
  private let path: String

  init(_ path: String) { self.path = path }

  /// Throws if the name does not match the kind of result: a file is converted to a file, anything else to a folder. A
  /// single file must be called .safetensors, or Ferry itself could not read it.
  func check(for source: Checkpoint) throws {
    var name = path[...]
    while name.count > 1, name.last == "/" { name.removeLast() }
    switch source.container {
    case .safetensors, .ncnn:
      guard !name.isEmpty, !name.hasSuffix(".safetensors") else { return }
      throw FerryError(
        .badArgument,
        "the result of \(source.path) is one file, for which \(path) is no name; choose one that ends in "
          + ".safetensors")
    case .folder, .gguf:
      guard let ending = [".safetensors", ".gguf"].first(where: { name.hasSuffix($0) }) else {
        return
      }
      throw FerryError(
        .badArgument,
        "the result of \(source.path) is a folder, for which \(path) is no name; choose one that does not "
          + "end in \(ending)")
    }
  }
}
