import FerryDevices
import FerryFormats
import FerryTensors

/// The one-token pass of a session on one device, recorded where the device records.
///
/// The first pass over given operands runs launch by launch, so that whatever it needs is built and
/// allocated; the second is recorded; from then on one launch runs it, until an operand moved.
struct DecodeRecorder {
  /// How many recordings were made.
  private(set) var recordingCount = 0
  private var segments: [Int] = []
  private var ready: DecodeOperands?
  private var recorded: RecordedPass?
  /// Whether a recording failed: then passes run launch by launch.
  private var isRefused = false

  /// A recording goes by addresses: it keeps no memory alive, which may leave and come back.
  private struct RecordedPass {
    let graph: any DeviceGraph
    let operands: DecodeOperands
    /// Where the logits are in the scratch memory, and their extents.
    let logits: (offset: Int, shape: [Int])
  }

  /// Queues the pass, whose inputs are on their way, and returns its logits.
  mutating func run(_ pass: ForwardPass, of model: any LanguageModel) throws -> Tensor? {
    guard pass.step.keepsSegments else { return try model.forward(in: pass) }
    let held = HeldSegments(pass.step)
    let pass = pass.reaching(held)
    guard let recording = held.context.compute.recording, !isRefused else {
      return try model.forward(in: pass)
    }
    try held.acquire(segments)
    let operands = pass.operands(held)
    if let recorded, recorded.operands == operands {
      try recording.launch(recorded.graph)
      return pass.scratch.tensor(.f32, at: recorded.logits.offset, shape: recorded.logits.shape)
    }
    guard ready == operands else { return try runPlainly(pass, held, of: model) }
    return try record(pass, operands, of: model, by: recording)
  }

  private mutating func runPlainly(
    _ pass: ForwardPass, _ held: HeldSegments, of model: any LanguageModel
  ) throws -> Tensor? {
    let logits = try model.forward(in: pass)
    segments = held.order
    ready = pass.operands(held)
    return logits
  }
}

// MARK: - Recording

extension DecodeRecorder {
  /// Records the pass and runs it; where that fails the pass runs launch by launch, as do all after it.
  private mutating func record(
    _ pass: ForwardPass, _ operands: DecodeOperands, of model: any LanguageModel,
    by recording: any GraphRecording
  ) throws -> Tensor? {
    recorded = nil
    if let (graph, logits) = try? graph(of: pass, model, recording) {
      let place = (offset: logits.view.offset - pass.scratch.memory.offset, shape: logits.shape)
      recorded = RecordedPass(graph: graph, operands: operands, logits: place)
      recordingCount += 1
      try recording.launch(graph)
      return logits
    }
    isRefused = true
    pass.scratch.rewind(keeping: pass.inputs.byteCount)
    return try model.forward(in: pass)
  }

  private func graph(
    of pass: ForwardPass, _ model: any LanguageModel, _ recording: any GraphRecording
  ) throws -> (any DeviceGraph, Tensor) {
    try recording.beginRecording()
    var logits: Tensor?
    do {
      logits = try model.forward(in: pass)
    } catch {
      _ = try? recording.endRecording()
      throw error
    }
    let graph = try recording.endRecording()
    guard let logits else { preconditionFailure("a pass that wants logits has some") }
    return (graph, logits)
  }
}

extension ForwardPass {
  /// The same pass, with another way to the weights.
  fileprivate func reaching(_ step: any WeightStep) -> ForwardPass {
    var pass = self
    pass.step = step
    return pass
  }

  fileprivate func operands(_ held: HeldSegments) -> DecodeOperands {
    DecodeOperands(held.weights, cache, scratch, operations)
  }
}
