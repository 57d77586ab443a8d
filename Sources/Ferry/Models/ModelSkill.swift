import FerryModels

/// A task that a model performs.
package enum ModelSkill: String, Sendable {
  case generate = "continues texts"
  case embed = "turns texts into vectors"
  case upscale = "enlarges images"

  /// Creates the skill of a model that processes text.
  init(_ model: RunnableModel) {
    switch model {
    case .language: self = .generate
    case .embedder: self = .embed
    }
  }
}

extension RunnableModel {
  /// Throws, naming the command for the model, unless the model has this skill.
  func require(_ skill: ModelSkill) throws(ModelError) {
    switch skill {
    case .generate: _ = try language()
    case .embed: _ = try embedder()
    case .upscale: preconditionFailure("a network that enlarges images is no model of texts")
    }
  }
}
