import FerryCheckpoints
import FerryModels
import FerryTensors

/// A model as its files describe it: nothing of its weights is read.
struct ModelPreview {
  /// What a model does.
  enum Skill: String {
    case generate = "continues texts"
    case embed = "turns texts into vectors"
    case upscale = "enlarges images"
  }

  let skill: Skill
  let checkpoint: Checkpoint
  /// Its segments, in the order of the forward pass.
  let layout: WeightLayout

  init(path: String) throws {
    checkpoint = try Checkpoint(path: path)
    (skill, layout) = try checkpoint.naming { checkpoint in
      let (blueprint, layout) = try ModelLoader.outline(of: checkpoint)
      if blueprint is RealESRGANBlueprint { return (.upscale, layout) }
      switch try blueprint.makeModel(layout, quantization: checkpoint.quantization) {
      case .language: return (.generate, layout)
      case .embedder: return (.embed, layout)
      }
    }
  }
}
