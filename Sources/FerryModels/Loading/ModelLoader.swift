package import FerryCheckpoints
package import FerryDevices
package import FerryTensors

/// Brings a checkpoint's weights into memory: mapped where the files hold them as memory does,
/// assembled where they must be decoded or put in order.
package enum ModelLoader {
  /// Loads a model that is to run: its weights in forward order.
  ///
  /// A checkpoint of no known family, or one that lacks a weight, has one too many, or one of another
  /// shape, is a ``ModelError``.
  package static func load(_ checkpoint: Checkpoint, on host: DeviceContext) throws -> LoadedModel {
    let (blueprint, plan) = try runningPlan(checkpoint)
    return try LoadedModel(
      checkpoint: checkpoint, blueprint: blueprint, image: plan.image(on: host))
  }

  /// What the headers of a checkpoint say of a model that is to run; the errors are those of loading it.
  package static func outline(
    of checkpoint: Checkpoint
  ) throws -> (blueprint: any ModelBlueprint, layout: WeightLayout) {
    let (blueprint, plan) = try runningPlan(checkpoint)
    return (blueprint, plan.layout)
  }

  /// Loads weights that are to move: in forward order where the family is known and its weights are
  /// complete, else in file order.
  package static func loadWeights(_ checkpoint: Checkpoint, on host: DeviceContext) throws
    -> WeightImage
  {
    try movingPlan(checkpoint).image(on: host)
  }

  /// The segments that a checkpoint's weights have when they are loaded, by its headers alone.
  package static func layout(of checkpoint: Checkpoint) throws -> WeightLayout {
    try movingPlan(checkpoint).layout
  }

  private static func runningPlan(
    _ checkpoint: Checkpoint
  ) throws -> (any ModelBlueprint, LayoutPlan) {
    try checkpoint.checkWholeness()
    try checkpoint.checkComputability()
    let source = try SourceWeights(checkpoint)
    guard let blueprint = source.blueprint else { throw unknownFamily(of: checkpoint) }
    return (blueprint, try LayoutPlan(source, blueprint))
  }

  /// Returns the weights as named by ``loadWeights(_:on:)``.
  package static func movingWeights(_ checkpoint: Checkpoint) throws -> SourceWeights {
    try movingPlan(checkpoint).source
  }

  private static func movingPlan(_ checkpoint: Checkpoint) throws -> LayoutPlan {
    try checkpoint.checkWholeness()
    do {
      let source = try SourceWeights(checkpoint)
      if let blueprint = source.blueprint { return try LayoutPlan(source, blueprint) }
    } catch is ModelError {
      // Weights of a model that cannot run can still move.
    }
    return try LayoutPlan(inFileOrder: SourceWeights(unnamed: checkpoint))
  }

  private static func unknownFamily(of checkpoint: Checkpoint) -> ModelError {
    if checkpoint.container == .safetensors {
      return ModelError(
        .unknownFamily,
        "\(checkpoint.path) is a bare weight file, which does not say what model it is; give the "
          + "folder that holds it with its config.json")
    }
    let name =
      checkpoint.configuration?["model_type"]?.string
      ?? checkpoint.metadata?.string("general.architecture")
    let families = ModelFamily.names.joined(separator: ", ")
    return ModelError(
      .unknownFamily,
      name.map { "\(checkpoint.path) is a model of type '\($0)'; Ferry runs \(families)" }
        ?? "\(checkpoint.path) does not say what model it is; its config.json needs a model_type")
  }
}

/// A model in host memory, ready to run there or to move.
package struct LoadedModel: Sendable {
  /// Where it came from.
  package let checkpoint: Checkpoint
  /// What it is.
  package let blueprint: any ModelBlueprint
  /// Its weights.
  package let image: WeightImage

  /// The forward pass over weights of this layout.
  package func makeModel() throws -> RunnableModel {
    try blueprint.makeModel(image.layout, quantization: checkpoint.quantization)
  }
}
