import Ferry

/// The syntax of an option's value, and its parser.
///
/// Options are declared with `parsing: .unconditional, transform: ValueForm.….parse`, so that a negative number is not
/// taken for an option but reaches the form, which explains what is valid.
struct ValueForm<Value: Sendable>: Sendable {
  /// A description of valid values: "a whole number from 0 on".
  let description: String
  private let read: @Sendable (String) throws -> Value?

  init(_ description: String, _ read: @escaping @Sendable (String) throws -> Value?) {
    self.description = description
    self.read = read
  }

  /// Parses `text`.
  ///
  /// - Throws: ``Mismatch`` if it is not a valid value.
  func parse(_ text: String) throws -> Value {
    guard let value = try read(text) else { throw Mismatch(expected: description) }
    return value
  }
}

/// An error for a value that is not of its option's form.
struct Mismatch: Error, CustomStringConvertible {
  let expected: String
  /// The reason the value is invalid, if it is not obvious.
  var reason: String?

  var description: String { (reason.map { "\($0); " } ?? "") + "\(expected) belongs here" }
}

extension ValueForm where Value: FixedWidthInteger & Sendable {
  /// An integer in a range; without a bound of its own, the range ends with the type's.
  static func wholeNumber(_ range: ClosedRange<Value>) -> ValueForm {
    let end =
      range.upperBound == Value.max && Value.self == Int.self ? "on" : "to \(range.upperBound)"
    return ValueForm("a whole number from \(range.lowerBound) \(end)") { text in
      Value(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension ValueForm<Float> {
  /// A nonnegative number.
  static var temperature: ValueForm {
    ValueForm("a number from 0 to \(Float.greatestFiniteMagnitude)") { text in
      Float(text).flatMap { $0 >= 0 && $0.isFinite ? $0 : nil }
    }
  }

  /// A number above 0, up to 1.
  static var probability: ValueForm {
    ValueForm("a number above 0, up to 1") { text in
      Float(text).flatMap { $0 > 0 && $0 <= 1 ? $0 : nil }
    }
  }
}

extension ValueForm<Int> {
  /// The number of elements that share one absmax.
  static var blockSize: ValueForm {
    let sizes = FourBitFormat.blockSizes
    let names = sizes.dropLast().map(String.init).joined(separator: ", ")
    return ValueForm("\(names) or \(sizes.last ?? 0)") { text in
      Int(text).flatMap { sizes.contains($0) ? $0 : nil }
    }
  }

  /// The side length of a tile.
  static var tileSide: ValueForm {
    ValueForm("0, or a whole number from 32 on") { text in
      Int(text).flatMap { $0 == 0 || $0 >= 32 ? $0 : nil }
    }
  }
}

extension ValueForm<String> {
  /// The path of a file or folder.
  static var path: ValueForm {
    ValueForm("the path of a file or folder") { $0.isEmpty ? nil : $0 }
  }
}

extension ValueForm<Device> {
  /// A device.
  static var device: ValueForm { ValueForm("\(Device.form)", in: Device.init) }

  private init(_ form: String, in read: @escaping @Sendable (String) -> Device?) {
    self.init(form) { text in
      if read(text) == nil, read(text.lowercased()) != nil {
        throw Mismatch(expected: form, reason: "devices are written in lower case")
      }
      return read(text)
    }
  }
}

extension ValueForm<[Device]> {
  /// Devices in the order of a route; spaces are allowed around the commas.
  static var route: ValueForm {
    ValueForm("a list of devices such as cpu,opencl:0,cpu (each is \(Device.form))") { text in
      text.items(Device.init)
    }
  }
}

extension ValueForm<[Int]> {
  /// Token IDs; spaces are allowed around the commas.
  static var tokens: ValueForm {
    ValueForm("a list of token ids such as 1,5,9 (whole numbers from 0 on)") { text in
      text.items { Int($0).flatMap { $0 >= 0 ? $0 : nil } }
    }
  }
}

extension ValueForm<ByteCount> {
  /// The memory of a hypothetical device, in bytes.
  static var paperMemory: ValueForm {
    ValueForm(ByteCount.form) { text in
      guard !text.hasSuffix("%") else {
        throw Mismatch(
          expected: ByteCount.form, reason: "a plan knows no device of which to take a share")
      }
      return ByteCount(text)
    }
  }

  /// A size in bytes.
  static var byteCount: ValueForm { ValueForm(ByteCount.form) { ByteCount($0) } }
}

extension ValueForm<MemoryAmount> {
  /// The memory of a device, in bytes or in percent.
  static var memory: ValueForm { ValueForm(MemoryAmount.form) { MemoryAmount($0) } }
}

extension ValueForm<Double> {
  /// A rate in bytes a second: "25GB/s".
  static var byteRate: ValueForm {
    ValueForm("a rate such as 25GB/s or 800 MB/s") { text in
      guard text.hasSuffix("/s") else { return nil }
      return ByteCount(String(text.dropLast(2))).map { Double($0.bytes) }
    }
  }
}

extension String {
  /// Parses each item of a comma-separated list; returns nil if one of them is invalid.
  fileprivate func items<Item>(_ read: (String) -> Item?) -> [Item]? {
    let parts = split(separator: ",", omittingEmptySubsequences: false)
    let items = parts.compactMap { part in
      let start = part.drop { $0 == " " }
      return read(String(start.prefix { $0 != " " })).flatMap { item in
        start.drop { $0 != " " }.allSatisfy { $0 == " " } ? item : nil
      }
    }
    return items.count == parts.count ? items : nil
  }
}
