import FerryCheckpoints
public import FerryDevices
import FerryModels
import FerryResidency
import FerryTensors

extension Engine {
  /// Loads a Real-ESRGAN network: a safetensors file or folder with PyTorch's names, or an ncnn `.param` file
  /// with its `.bin` file beside it.
  @concurrent
  public func loadUpscaler(_ path: String, on device: Device = .cpu) async throws
    -> UpscalingModel
  {
    let host = try context(for: .cpu)
    let target = try context(for: device)
    let checkpoint = try Checkpoint(path: path)
    let loaded = try checkpoint.upscaler { try ModelLoader.load($0, on: host) }
    guard let blueprint = loaded.blueprint as? RealESRGANBlueprint else {
      throw FerryError(.unknownFamily, try loaded.refusalToUpscale)
    }
    let weights = Weights(
      ResidentWeights(loaded.image, mover: try mover()), from: checkpoint, engine: self)
    if target !== host { try await weights.move(to: device) }
    let configuration = blueprint.configuration
    return UpscalingModel(
      weights: weights, path: path, network: try blueprint.makeUpscaler(loaded.image.layout),
      scale: configuration.outputScale ?? configuration.scale)
  }
}

extension Checkpoint {
  /// Returns the model that `load` makes of a checkpoint. If it is a single file of other weights, the error says that
  /// it is not a Real-ESRGAN network.
  fileprivate func upscaler(_ load: (Checkpoint) throws -> LoadedModel) throws -> LoadedModel {
    do {
      return try naming(load)
    } catch let error as ModelError where error.code == .unknownFamily && container == .safetensors
    {
      throw FerryError(
        .unknownFamily,
        "\(path): its weights are not those of a Real-ESRGAN network, and images are enlarged by those alone"
      )
    }
  }
}

extension LoadedModel {
  /// The message of the error for a model that does not enlarge images, which names the command to use instead.
  fileprivate var refusalToUpscale: String {
    get throws {
      let (name, command) =
        switch ModelSkill(try makeModel()) {
        case .embed: ("an encoder", "embed")
        case .generate, .upscale: ("a language model", "generate")
        }
      return
        "\(checkpoint.path): the model is \(name), and images are enlarged by Real-ESRGAN networks; use "
        + "'ferry \(command)'"
    }
  }
}
