import FerryCheckpoints
import FerryModels
import FerryTensors

/// A model as its files describe it: nothing of its weights is read.
struct ModelPreview {
  let skill: ModelSkill
  let checkpoint: Checkpoint
  /// Its segments, in the order of the forward pass.
  let layout: WeightLayout

  init(path: String) throws {
    checkpoint = try Checkpoint(path: path)
    (skill, layout) = try checkpoint.naming { checkpoint in
      let (blueprint, layout) = try ModelLoader.outline(of: checkpoint)
      if blueprint is RealESRGANBlueprint { return (.upscale, layout) }
      let model = try blueprint.makeModel(layout, quantization: checkpoint.quantization)
      return (ModelSkill(model), layout)
    }
  }
}
