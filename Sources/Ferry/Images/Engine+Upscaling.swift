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
    let loaded = try checkpoint.naming { try ModelLoader.load($0, on: host) }
    guard let blueprint = loaded.blueprint as? RealESRGANBlueprint else {
      throw FerryError(
        .unknownFamily, "\(path) is a language model; images are enlarged by Real-ESRGAN networks")
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
