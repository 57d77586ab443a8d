import FerryCheckpoints
import FerryDeviceTesting
import FerryDevices
import FerryFormats
import FerryModels
import FerryOperations
import FerryTensors
import Foundation
import Testing

/// all-MiniLM-L6-v2 against transformers: `Scripts/fixtures/bert.py` makes the references.
///
/// The folder that FERRY_TEST_WEIGHTS names holds it as `all-MiniLM-L6-v2`.
@Suite(
  .enabled(if: MiniLM.isHere, "needs FERRY_TEST_WEIGHTS and a release build"), .serialized)
struct MiniLMTests {
  /// Thirty texts: of one language and of many, empty, too long, of controls and of signs.
  @Test("in f32 to 1e-5 and nearer than the specification's 0.9999", arguments: MiniLM.engines)
  func agreesInF32(_ engine: LlamaAgreementTests.Engine) async throws {
    let vectors = try await MiniLM.vectors(engine)
    #expect(vectors.count >= 20)
    for (index, expected) in try MiniLM.references().vectors.enumerated() {
      #expect(cosine(vectors[index], expected) >= 0.999_999, "text \(index)")
      #expect(vectors[index].error(to: expected) <= 1e-5, "text \(index)")
    }
  }

  /// What is lost is the format's doing: the bounds are a little below what each gives here.
  @Test(arguments: MiniLM.formats, MiniLM.engines)
  func aQuantizedModelStaysNear(
    _ bound: MiniLM.Bound, _ engine: LlamaAgreementTests.Engine
  ) async throws {
    let vectors = try await MiniLM.vectors(engine, format: bound.format)
    let cosines = zip(vectors, try MiniLM.references().vectors).map(cosine)
    let mean = cosines.reduce(0, +) / Double(cosines.count)
    let least = cosines.min() ?? 0
    print(
      "\(bound.testDescription) on \(engine.testDescription): cosine \(mean) in the mean, \(least) at least"
    )
    #expect(mean >= bound.mean && least >= bound.least)
  }

  @Test("bf16 and f16 activations", arguments: [ElementType.bf16, .f16])
  func agreesInSixteenBits(_ type: ElementType) async throws {
    for engine in MiniLM.engines {
      let vectors = try await MiniLM.vectors(engine, type: type)
      for (vector, expected) in zip(vectors, try MiniLM.references().vectors) {
        #expect(cosine(vector, expected) >= 0.9995)
      }
    }
  }

  @Test func cutsTextsLikeTheReference() throws {
    let tokenizer = try Tokenizer(Checkpoint(path: MiniLM.folder))
    let references = try MiniLM.references()
    for (text, ids) in zip(references.texts, references.tokens) {
      #expect(tokenizer.encode(text, limit: 256) == ids)
    }
    #expect(references.strings.count >= 900)
    for (text, ids) in zip(references.strings, references.stringTokens) {
      #expect(tokenizer.encode(text) == ids, "\(text.scalars)")
    }
  }
}

/// The model, its quantized forms, and what transformers computes with it.
enum MiniLM {
  struct References: Decodable {
    let texts: [String]
    let tokens: [[Int]]
    let vectors: [[Float]]
    let strings: [String]
    let stringTokens: [[Int]]
  }

  /// What a format leaves of the cosine to full precision.
  struct Bound: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let format: WeightFormat
    let mean: Double
    let least: Double

    init(_ name: String, _ format: WeightFormat, mean: Double, least: Double) {
      (testDescription, self.format, self.mean, self.least) = (name, format, mean, least)
    }
  }

  static let formats = [
    Bound("nf4", .fourBit(FourBitFormat(.nf4)), mean: 0.95, least: 0.84),
    Bound("nf4, nested", .fourBit(FourBitFormat(.nf4, isNested: true)), mean: 0.95, least: 0.84),
    Bound("fp4", .fourBit(FourBitFormat(.fp4)), mean: 0.9, least: 0.78),
    Bound("int8", .int8Rows, mean: 0.997, least: 0.99),
  ]

  static let folder =
    (ProcessInfo.processInfo.environment["FERRY_TEST_WEIGHTS"] ?? "") + "/all-MiniLM-L6-v2"

  static let isHere: Bool = {
    #if DEBUG
      false
    #else
      FileManager.default.fileExists(atPath: folder + "/model.safetensors")
    #endif
  }()

  /// The plain reference would take minutes.
  static let engines = LlamaAgreementTests.Engine.all.filter { $0.testDescription != "reference" }

  static func references() throws -> References {
    let url = BertFixture.folder.deletingLastPathComponent()
      .appending(path: "MiniLM/embeddings.json")
    return try JSONDecoder().decode(References.self, from: Data(contentsOf: url))
  }

  static func vectors(
    _ engine: LlamaAgreementTests.Engine, format: WeightFormat? = nil, type: ElementType = .f32
  ) async throws -> [[Float]] {
    let tokens = try references().tokens
    return try await TestDevices.withContext(on: engine.device) { context in
      let host = engine.device == .cpu ? context : try DeviceContext(HostBackend())
      let checkpoint = try Checkpoint(path: folder)
      let source = try SourceWeights(checkpoint)
      let image = try QuantizedImage(source, format: format, on: host).image
      let weights = try FixedWeights(uploading: image, to: context)
      let model = try #require(source.blueprint).makeModel(weights.layout, quantization: nil)
      let embedder = Embedder(
        try model.embedder(), weights: weights, convention: try SentenceConvention(checkpoint),
        elementType: type, operations: engine.operations)
      return try await embedder.embed(tokens)
    }
  }
}
