/// The naming scheme of a folder's weight files.
package struct WeightFileNames: Hashable, Sendable {
  /// The first part of the names ("model", "diffusion_pytorch_model").
  package let stem: String
  /// The variant ("fp16"), which diffusers and transformers put before the file extension.
  package let variant: String?

  init(stem: String, variant: String? = nil) {
    self.stem = stem
    self.variant = variant
  }

  /// The names that transformers uses.
  package static let model = WeightFileNames(stem: "model")
  /// The names that diffusers uses.
  static let diffusion = WeightFileNames(stem: "diffusion_pytorch_model")

  private static let ending = ".safetensors"
  private static let indexMark = ".safetensors.index."

  /// Creates the naming scheme that `file` follows ("model.fp16.safetensors", "model.safetensors.index.fp16.json"); nil
  /// for other kinds of files.
  package init?(_ file: String) {
    if let mark = file.firstRange(of: Self.indexMark), file.hasSuffix("json") {
      let rest = file[mark.upperBound...].dropLast("json".count)
      guard rest.isEmpty || rest.last == "." && rest.count > 1 else { return nil }
      self.init(
        stem: String(file[..<mark.lowerBound]),
        variant: rest.isEmpty ? nil : String(rest.dropLast()))
      return
    }
    guard file.hasSuffix(Self.ending) else { return nil }
    let name = file.dropLast(Self.ending.count)
    let known = [Self.model, .diffusion].first { name.hasPrefix($0.stem + ".") }
    self.init(
      stem: known?.stem ?? String(name),
      variant: known.map { String(name.dropFirst($0.stem.count + 1)) })
  }

  /// The name of the file if there is only one.
  package var whole: String { stem + suffix + Self.ending }

  /// The name of the index if there are several files.
  package var index: String { stem + Self.indexMark + (variant.map { $0 + "." } ?? "") + "json" }

  /// Returns the name of file `number`, starting at 1, of `count`.
  func shard(_ number: Int, of count: Int) -> String {
    "\(stem)\(suffix)-\(Self.fiveDigits(number))-of-\(Self.fiveDigits(count))\(Self.ending)"
  }

  /// Returns true if a file's name is that of a shard ("model-00001-of-00002.safetensors").
  static func isShard(_ file: String) -> Bool {
    let end = file.lastIndex(of: ".") ?? file.endIndex
    let fields = Array(
      file[..<end].split(separator: "-", omittingEmptySubsequences: false).suffix(3))
    guard fields.count == 3, fields[1] == "of" else { return false }
    return [fields[0], fields[2]].allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(digits.contains) }
  }

  private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

  private var suffix: String { variant.map { "." + $0 } ?? "" }

  private static func fiveDigits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}
