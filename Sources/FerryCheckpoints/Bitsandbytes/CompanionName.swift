import FerryFormats

/// What the name of a stored tensor says of its place beside a quantized weight.
struct CompanionName {
  /// The parts that bitsandbytes stores beside a payload.
  enum Kind: Hashable {
    case absmax, quantMap, nestedAbsmax, nestedQuantMap
    /// The JSON document, with the code that the name ends in ("nf4").
    case state(String)
    case rowAbsmax, weightFormat
  }

  /// What the tensor is.
  let kind: Kind
  /// The name of the payload it belongs to.
  let payload: String

  /// Reads `name`; nil if it is not that of a companion.
  init?(_ name: String) {
    let dot = name.utf8.lastIndex(of: UInt8(ascii: "."))
    let last = dot.map { name[name.utf8.index(after: $0)...] } ?? name[...]
    let rest = dot.map { name[..<$0] } ?? ""
    if last == "SCB" || last == "weight_format" {
      kind = last == "SCB" ? .rowAbsmax : .weightFormat
      payload = dot == nil ? "weight" : "\(rest).weight"
      return
    }
    guard dot != nil else { return nil }
    if let kind = Self.kinds[String(last)] {
      self.kind = kind
      payload = String(rest)
    } else {
      let (document, code) = (".quant_state", "bitsandbytes__")
      guard last.utf8.starts(with: code.utf8), String(rest).hasByteSuffix(document) else {
        return nil
      }
      kind = .state(String(decoding: last.utf8.dropFirst(code.utf8.count), as: UTF8.self))
      payload = String(decoding: rest.utf8.dropLast(document.utf8.count), as: UTF8.self)
    }
  }

  private static let kinds: [String: Kind] = [
    "absmax": .absmax, "quant_map": .quantMap, "nested_absmax": .nestedAbsmax,
    "nested_quant_map": .nestedQuantMap,
  ]

  /// A Boolean value that indicates whether only bitsandbytes uses such names; other libraries use "absmax" and
  /// "weight_format" as well.
  var isOfBitsandbytesAlone: Bool {
    switch kind {
    case .absmax, .weightFormat: false
    case .quantMap, .nestedAbsmax, .nestedQuantMap, .state, .rowAbsmax: true
    }
  }

  /// The stem of the 8-bit companions of a payload: "P." for "P.weight"; nil for other names.
  static func rowStem(payload: String) -> String? {
    if payload.hasSameBytes(as: "weight") { return "" }
    guard payload.hasByteSuffix(".weight") else { return nil }
    return String(decoding: payload.utf8.dropLast("weight".utf8.count), as: UTF8.self)
  }
}
