package import FerryCheckpoints
package import FerryTensors

/// Which weights a Real-ESRGAN network has, under the names that PyTorch's files use.
package struct RealESRGANBlueprint: ModelBlueprint {
  /// The network.
  package let configuration: RealESRGANConfiguration

  package init(_ configuration: RealESRGANConfiguration) { self.configuration = configuration }

  package var segments: [BlueprintSegment] {
    configuration.convolutions.map { segment, convolutions in
      BlueprintSegment(segment, convolutions.flatMap(\.weights))
    }
  }

  /// None: convolutions are kept plain.
  package var quantizableWeights: [String] { [] }

  /// The scale of the output, where it is not the network's.
  package var fileMetadata: [(key: String, value: String)] {
    configuration.outputScale.map { [(RealESRGANConfiguration.outputScaleKey, String($0))] } ?? []
  }

  package func huggingFaceConfiguration() throws(ModelError) -> JSONValue {
    throw ModelError(
      .unsupported, "Hugging Face has no configuration of Real-ESRGAN networks; write one file")
  }

  package var generationConfiguration: JSONValue { .object([]) }

  package func adapted(to source: SourceWeights) -> RealESRGANBlueprint { self }

  /// Refuses: it does nothing with texts.
  package func makeModel(_ layout: WeightLayout, quantization: QuantizationConfiguration?) throws
    -> RunnableModel
  {
    throw ModelError(
      .unsupported, "it is a Real-ESRGAN network, which enlarges images: use 'ferry upscale'")
  }

  /// The network over weights laid out by ``ModelLoader``.
  package func makeUpscaler(_ layout: WeightLayout) throws(ModelError) -> any UpscalingNetwork {
    let convolutions = try ConvolutionNumbers.all(of: configuration, in: layout)
    switch configuration.network {
    case .compact(let features, _, let scale):
      return CompactNetwork(convolutions: convolutions, features: features, scale: scale)
    case .dense(let features, let growth, _, let folding):
      return DenseNetwork(
        convolutions: convolutions, features: features, growth: growth, folding: folding)
    }
  }
}
