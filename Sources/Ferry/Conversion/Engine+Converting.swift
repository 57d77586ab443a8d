import FerryCheckpoints
import FerryDevices
public import FerryFormats
import FerryModels
import FerryOperations

extension Engine {
  /// Quantizes a model into bitsandbytes' formats: a folder or a GGUF file into a folder that Hugging Face
  /// tools load, a bare safetensors file into one file.
  ///
  /// The result streams to its place: memory holds one weight at a time. Nothing appears at `destination`
  /// unless everything has been written. NaN and infinity in a weight are an error that names it.
  @concurrent
  public func quantize(
    _ path: String, to destination: String, options: QuantizationOptions,
    progress: @Sendable (ConversionProgress) -> Void = { _ in }
  ) async throws -> ConversionReport {
    let source = try sourceWeights(path)
    try DestinationName(destination).check(for: source.checkpoint)
    try source.checkpoint.naming { _ in
      // With everything included, a model may have more weights than its family defines.
      if options.includesEverything {
        try source.checkNothingIsMissing()
      } else {
        try source.checkCompleteness()
      }
    }
    let selection = try WeightSelection(source, options)
    let plan = try ConversionPlan(source) { options.action(for: $0, selection) }
    let files = ModelFiles(
      source, quantization: options.configuration(skipping: selection.skippedModules),
      plainType: options.plainType)
    let target = try files.open(
      destination, tensors: plan.tensors, replacing: options.replacesDestination,
      maximumShardBytes: options.maximumShardBytes)
    return try await convert(
      plan, of: source, to: target, destination, on: options.device, progress)
  }

  /// Writes a quantized model, or a GGUF file, back in full precision: every quantized weight as
  /// `elementType` (f32, f16 or bf16), everything else as it is.
  @concurrent
  public func dequantize(
    _ path: String, to destination: String, as elementType: ElementType,
    replacingDestination: Bool = false,
    progress: @Sendable (ConversionProgress) -> Void = { _ in }
  ) async throws -> ConversionReport {
    let source = try sourceWeights(path)
    try DestinationName(destination).check(for: source.checkpoint)
    try source.checkpoint.naming { _ in
      if source.checkpoint.container == .gguf {
        try source.checkCompleteness()
      } else {
        try source.checkNothingIsMissing()
      }
    }
    let layers = LinearLayers(of: source)
    let plan = try ConversionPlan(source) { weight in
      guard source.isQuantized(weight) else { return .keep }
      let role = layers.role(of: weight)
      guard !layers.isOrderUnknown(of: role) else { throw source.unknownOrder(of: weight) }
      return .dequantize(elementType, transposed: role.isTransposed)
    }
    guard !plan.converted.isEmpty else {
      throw FerryError(
        .notQuantized, "\(path) has no quantized weight: it is in full precision already")
    }
    let target = try ModelFiles(source, quantization: nil).open(
      destination, tensors: plan.tensors, replacing: replacingDestination,
      maximumShardBytes: 5_000_000_000)
    return try await convert(plan, of: source, to: target, destination, on: .cpu, progress)
  }

  /// Writes the network of an ncnn `.param` file, whose weights are in the `.bin` file beside it, as a
  /// safetensors file under the names that PyTorch uses; weights keep their bytes.
  @concurrent
  public func convert(
    _ path: String, to destination: String, replacingDestination: Bool = false,
    progress: @Sendable (ConversionProgress) -> Void = { _ in }
  ) async throws -> ConversionReport {
    let source = try sourceWeights(path)
    guard source.checkpoint.container == .ncnn else {
      throw FerryError(
        .badArgument,
        "\(path) is no ncnn .param file; safetensors and GGUF files are converted by quantize and "
          + "dequantize")
    }
    try DestinationName(destination).check(for: source.checkpoint)
    try source.checkpoint.naming { _ in try source.checkCompleteness() }
    let plan = try ConversionPlan(source) { _ in .keep }
    let target = try ModelFiles(source, quantization: nil).open(
      destination, tensors: plan.tensors, replacing: replacingDestination, maximumShardBytes: .max)
    return try await convert(plan, of: source, to: target, destination, on: .cpu, progress)
  }

  private func sourceWeights(_ path: String) throws -> SourceWeights {
    let checkpoint = try Checkpoint(path: path)
    try checkpoint.checkWholeness()
    try checkpoint.checkComputability()
    let source = try checkpoint.naming { try SourceWeights(converting: $0) }
    guard let metadata = checkpoint.metadata, source.blueprint == nil else { return source }
    let architecture = metadata.string("general.architecture") ?? "unknown"
    throw FerryError(
      .unknownFamily,
      "\(path) is a GGUF file of the architecture '\(architecture)', for which Ferry cannot write the "
        + "configuration that a folder needs; start from the model's Hugging Face folder instead")
  }

  private func convert(
    _ plan: ConversionPlan, of source: SourceWeights, to target: ConversionTarget,
    _ destination: String, on device: Device, _ progress: @Sendable (ConversionProgress) -> Void
  ) async throws -> ConversionReport {
    let converter = WeightConverter(
      source, host: try context(for: .cpu),
      operations: try operations(for: context(for: device)))
    let conversion = Conversion(
      source: source, plan: plan, converter: converter, destination: destination)
    return try conversion.run(to: target, progress: progress)
  }
}

extension SourceWeights {
  /// Returns the error for a quantized weight whose plain layout is unknown.
  fileprivate func unknownOrder(of weight: SourceWeight) -> CheckpointError {
    CheckpointError(
      .unsupported, file: checkpoint.path, tensor: weight.name,
      "Ferry does not know the layer, and some layers of such models (Conv1D) store a plain weight as [inputs, "
        + "outputs], others as [outputs, inputs]; dequantize the model with transformers")
  }

  /// Whether a weight is quantized where it is stored, by bitsandbytes or in blocks of GGUF.
  fileprivate func isQuantized(_ weight: SourceWeight) -> Bool {
    if weight.format.isQuantized { return true }
    guard let number = weight.stored.parts.first.flatMap(\.self) else { return false }
    if case .ggufBlocks = checkpoint.tensors[number].encoding { return true }
    return false
  }
}

extension QuantizationOptions {
  /// What becomes of a weight.
  fileprivate func action(
    for weight: SourceWeight, _ selection: WeightSelection
  ) -> ConversionPlan.Action {
    let name = ExactString(weight.name)
    if selection.names.contains(name) {
      return .quantize(format, transposed: selection.transposed.contains(name))
    }
    guard let plainType, case .plain(let type) = weight.format, type.isWeightFloat,
      type != plainType
    else { return .keep }
    return .cast(plainType)
  }

  /// Returns `quantization_config` for the result.
  fileprivate func configuration(skipping skipped: [String]?) -> QuantizationConfiguration {
    guard case .fourBit(let format) = format else {
      return QuantizationConfiguration(width: .eightBit, skippedModules: skipped)
    }
    return QuantizationConfiguration(
      width: .fourBit, code: format.code, isNested: format.isNested,
      computeType: plainType?.torchName ?? "float32", skippedModules: skipped)
  }
}
