import FerryFormats
import Foundation
import Testing

/// What bitsandbytes made of some weights: `Scripts/fixtures/formats.py` says how.
struct BitsandbytesFixture: Sendable {
  /// One weight in one format.
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    enum Kind: String, Decodable { case fourBit = "4bit", int8, dynamic8 }

    let name: String
    let source: String
    let dtype: String
    let shape: [Int]
    let kind: Kind
    let code: String?
    let block: Int?
    let nested: Bool?
    let offset: Float?

    var testDescription: String { name }
    var count: Int { shape.reduce(1, *) }
  }

  private struct Index: Decodable {
    struct Environment: Decodable { let torch_cpu_capability: String }
    let environment: Environment
    let cases: [Case]
  }

  private struct Entry: Decodable { let data_offsets: [Int] }

  /// Cases that conform to the rule, then those in which bitsandbytes departs from its own.
  let cases: [Case]
  /// Whether bitsandbytes' AVX-512 kernels made the decoded numbers.
  let hasAVX512: Bool
  private let entries: [String: Entry]
  private let data: Data

  /// The committed files.
  static let committed = Result { try BitsandbytesFixture() }

  private init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    let index = try JSONDecoder().decode(
      Index.self, from: Data(contentsOf: folder.appending(path: "bitsandbytes.json")))
    cases = index.cases
    hasAVX512 = index.environment.torch_cpu_capability == "AVX512"
    let file = try Data(contentsOf: folder.appending(path: "bitsandbytes.safetensors"))
    let headerSize = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    entries = try JSONDecoder().decode([String: Entry].self, from: file[8..<8 + headerSize])
    data = file.dropFirst(8 + headerSize)
  }

  /// The bytes of a tensor of a case.
  func bytes(_ name: String, of owner: String) throws -> [UInt8] {
    let offsets = try #require(entries["\(owner)/\(name)"], "\(owner)/\(name)").data_offsets
    return [UInt8](data[data.startIndex + offsets[0]..<data.startIndex + offsets[1]])
  }

  func has(_ name: String, of owner: String) -> Bool { entries["\(owner)/\(name)"] != nil }

  /// The f32 of a tensor of a case.
  func floats(_ name: String, of owner: String) throws -> [Float] {
    try bytes(name, of: owner).floats
  }

  func `case`(_ name: String) throws -> Case {
    try #require(cases.first { $0.name == name })
  }
}

extension BitsandbytesFixture.Case {
  /// The names of weights whose cases show a departure from the rule.
  static let deviating: Set = [
    "tail-division", "zero-tail", "zero-block", "tiny-absmax", "lookup-zero", "nested-lookup",
    "k96", "k160",
    "experts",
  ]

  var elementType: ElementType { get throws { try #require(ElementType(rawValue: dtype)) } }

  var format: WeightFormat {
    get throws {
      switch kind {
      case .int8: return .int8Rows
      case .dynamic8: return .dynamic8(blockSize: try #require(block))
      case .fourBit:
        let code = try #require(code.flatMap(FourBitFormat.Code.init(rawValue:)))
        return .fourBit(
          FourBitFormat(code, blockSize: try #require(block), isNested: nested == true))
      }
    }
  }

  static func conforming(_ kind: Kind, nested: Bool = false) -> [Self] {
    let all = (try? BitsandbytesFixture.committed.get().cases) ?? []
    return all.filter {
      $0.kind == kind && ($0.nested ?? false) == nested && !deviating.contains($0.source)
    }
  }
}

extension [UInt8] {
  /// These bytes as f32.
  var floats: [Float] {
    withUnsafeBytes { bytes in
      (0..<count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  /// The codes of packed nibbles, in the order of their elements.
  var nibbles: [UInt8] { flatMap { [$0 >> 4, $0 & 15] } }

  /// These packed FP4 codes with nibble 8 (-0) replaced by nibble 0.
  var withOneZero: [UInt8] {
    map { byte in (byte >> 4 == 8 ? 0 : byte & 0xf0) | (byte & 15 == 8 ? 0 : byte & 15) }
  }
}

extension [Float] {
  /// These numbers as bytes.
  var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
  var bits: [UInt32] { map(\.bitPattern) }
}
