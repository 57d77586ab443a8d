public import FerryDevices

/// Decoding and encoding of whole weights, for moves that carry full precision: residency moves bytes
/// and does not know what they mean.
public protocol WeightTranscoding: Sendable {
  /// Decodes `weight`, on the device of `context`, into `output`: f32, as many elements, there too. It
  /// is there on return.
  func dequantize(_ weight: WeightView, into output: Tensor, on context: DeviceContext) throws

  /// Encodes `values`, f32 on the device of `context`, into all parts of `weight`, there too, with the
  /// format and shape of its entry. They are there on return.
  func quantize(_ values: Tensor, into weight: WeightView, on context: DeviceContext) throws
}
