import FerryModels

/// What a model does.
package enum ModelSkill: String, Sendable {
  case generate = "continues texts"
  case embed = "turns texts into vectors"
  case upscale = "enlarges images"

  /// What a model does with texts.
  init(_ model: RunnableModel) {
    switch model {
    case .language: self = .generate
    case .embedder: self = .embed
    }
  }
}

extension RunnableModel {
  /// Throws, naming the command that takes the model, unless it does this.
  func require(_ skill: ModelSkill) throws(ModelError) {
    switch skill {
    case .generate: _ = try language()
    case .embed: _ = try embedder()
    case .upscale: preconditionFailure("a network that enlarges images is no model of texts")
    }
  }
}
