/// How many times as fast as a peer's Ferry's work has to be.
struct Promise: Codable, Equatable {
  /// What is promised of, as people say it: rows of one title are told together.
  let title: String
  /// The least advantage.
  let least: Double

  init(_ title: String, _ least: Double) { (self.title, self.least) = (title, least) }

  /// What is promised of a figure beside a peer's on that device ("cpu", or a GPU's name); nil: nothing.
  init?(_ figure: Figure, _ entry: PeerReport.Entry, on device: String?) {
    let promise =
      device == "cpu"
      ? Self.onHost(Work(figure, entry)) : Self.onDevice(Work(figure, entry))
    guard let promise else { return nil }
    self = promise
  }
}

/// The names that promises go by.
private struct Work {
  let name: String
  let peer: String

  init(_ figure: Figure, _ entry: PeerReport.Entry) {
    (name, peer) = (figure.name, entry.peer)
  }

  var isLayer: Bool { name.hasPrefix("linear ") }
  var isBitsandbytes: Bool { peer.hasPrefix("bitsandbytes") }
  /// Whether bitsandbytes decodes the weight first.
  var isFallback: Bool {
    peer.hasSuffix("in training mode") || peer.hasSuffix("without AVX-512 BF16")
  }

  /// Rows of activations.
  var rowCount: Int { name.split(separator: " ").last.flatMap { Int($0) } ?? 0 }

  func isQuantized(by verb: String) -> Bool {
    name.hasPrefix("\(verb) ") && !name.hasPrefix("\(verb) dynamic8")
  }
}

extension Promise {
  /// In no cell slower than bitsandbytes, and one and a half times as fast for a single row.
  private static func onDevice(_ work: Work) -> Promise? {
    guard work.isBitsandbytes, work.isLayer else { return nil }
    return work.name.hasSuffix(", M = 1")
      ? Promise("quantized layers, one row", 1.5) : Promise("quantized layers, more rows", 1)
  }

  private static func onHost(_ work: Work) -> Promise? {
    if work.isBitsandbytes { return besideBitsandbytes(work) }
    if work.peer.hasSuffix("plain f32") {
      return Promise("4-bit and 8-bit layers in f32, 256 rows", 0.9)
    }
    let others = [
      ("llama.cpp", "decode, ", Promise("decode SmolLM2-135M, NF4 and INT8", 1)),
      ("llama.cpp", "prefill, ", Promise("prefill SmolLM2-135M, NF4 and INT8", 1.5)),
      ("torch", "embed ", Promise("embed sentences by all-MiniLM-L6-v2", 1)),
      ("ncnn", "upscale ", Promise("upscale by Real-ESRGAN", 1)),
    ]
    return others.first { work.peer.hasPrefix($0.0) && work.name.hasPrefix($0.1) }?.2
  }

  /// Layers that compute as bitsandbytes does are never slower; so are weights of 8 bits that meet activations
  /// as they are, but for many rows, where products of 8-bit numbers are twice as fast as any others.
  /// What it computes in bf16 of f32 activations is shown, and nothing is promised beside it.
  private static func besideBitsandbytes(_ work: Work) -> Promise? {
    if work.isQuantized(by: "quantize") { return Promise("quantize to NF4, FP4, INT8", 20) }
    if work.isQuantized(by: "dequantize") { return Promise("dequantize NF4, FP4, INT8", 2) }
    guard work.isLayer else { return nil }
    guard work.isFallback else {
      let isPromised =
        work.name.contains(" LLM.int8 ")
        || (work.name.contains(" INT8 ") ? work.rowCount <= 16 : !work.name.contains(" f32, "))
      return isPromised ? Promise("4-bit and 8-bit layers, 1, 16 and 256 rows", 1) : nil
    }
    let title = "layers where bitsandbytes decodes the weight first"
    switch work.rowCount {
    case 1: return Promise("\(title), 1 row", 5)
    case 2...16: return Promise("\(title), 16 rows", 2.5)
    default: return Promise("\(title), 256 rows", 1)
    }
  }
}
