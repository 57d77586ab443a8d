import Ferry
import FoundationEssentials

extension Int {
  /// The size in decimal units, formatted for table columns: "98.4 MB".
  var spelledAsBytes: String { ByteCount(bytes: self).inColumns }
}

extension Double {
  /// The number with so many digits after the point.
  func spelled(digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let rounded = (self * scale).rounded()
    guard rounded.magnitude < 1e15 else { return "\(self)" }
    let whole = Int(rounded.magnitude)
    let sign = rounded < 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    let fraction = String(whole % Int(scale))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(whole / Int(scale)).\(zeros)\(fraction)"
  }

  /// A duration in seconds for people: "12.3 ms", "1.45 s".
  var spelledAsSeconds: String {
    if self < 1e-3 { return "\((self * 1e6).spelled(digits: 0)) µs" }
    return self < 1 ? "\((self * 1e3).spelled(digits: 1)) ms" : "\(spelled(digits: 2)) s"
  }
}

extension String {
  /// The text with control characters spelled out: names in files may hold anything, a terminal should not
  /// obey them.
  var printable: String {
    var text = ""
    for scalar in unicodeScalars {
      if scalar.properties.generalCategory == .control {
        text += "\\u{\(Swift.String(scalar.value, radix: 16))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// The text padded with spaces to `width` characters.
  func padded(_ width: Int) -> String {
    count < width ? self + String(repeating: " ", count: width - count) : self
  }

  /// The text with spaces in front, to `width` characters.
  func paddedLeft(_ width: Int) -> String {
    count < width ? String(repeating: " ", count: width - count) + self : self
  }
}
