public import FerryFormats
import FerryOperations
import FerryTensors

extension Model {
  /// The type of activations that suits the model where it is now: bf16 where its matrices are quantized or in
  /// bf16, so that f32 would keep more places than the weights have, and the device multiplies bf16 by units
  /// of its own; f32 elsewhere.
  ///
  /// A text keeps the type with which it began, wherever the model goes meanwhile. Ask for f32 where the same
  /// text is wanted on every machine.
  public var suitableActivations: ElementType {
    get throws {
      let context = try weights.engine.context(for: device)
      return OperationsFactory.multipliesBF16(on: context) && weights.areShort ? .bf16 : .f32
    }
  }

  /// What was asked for, or what suits the model.
  func activations(_ asked: ElementType?) throws -> ElementType {
    let type = try asked ?? suitableActivations
    guard type.isWeightFloat else {
      throw FerryError(.badArgument, "activations are f32, f16 or bf16, not \(type)")
    }
    return type
  }
}

extension Weights {
  /// Whether every matrix of the layers is quantized, or in bf16; tables that tokens are looked up in do not
  /// count beside quantized ones.
  fileprivate var areShort: Bool {
    let formats = resident.layout.entries.filter { $0.shape.count == 2 }.map(\.format)
    let isQuantized = formats.contains { if case .plain = $0 { false } else { true } }
    return isQuantized || !formats.isEmpty && formats.allSatisfy { $0 == .plain(.bf16) }
  }
}
