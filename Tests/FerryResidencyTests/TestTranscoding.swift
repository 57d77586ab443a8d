import FerryDevices
import FerryFormats
import FerryTensors
import Synchronization

/// The reference encoding and decoding of formats, on simulated devices through the host.
final class TestTranscoding: WeightTranscoding {
  struct Refused: Error {}

  private struct Calls {
    var encoded: [Device: Int] = [:]
    var remaining = Int.max
  }

  private let calls = Mutex(Calls())
  /// A device whose payloads come out wrong.
  private let broken: Device?

  init(broken: Device? = nil) { self.broken = broken }

  /// How many weights were encoded there.
  func encoded(on device: Device) -> Int { calls.withLock { $0.encoded[device, default: 0] } }

  /// Makes every call but the next `count` fail.
  func allow(_ count: Int) { calls.withLock { $0.remaining = count } }

  func dequantize(_ weight: WeightView, into output: Tensor, on context: DeviceContext) throws {
    try count { _ in }
    let parts = try weight.parts.map { try download($0, context) }
    var values = [Float](repeating: 0, count: weight.entry.count)
    try values.withUnsafeMutableBytes { values in
      try weight.entry.format.decode(
        parts: parts.map { UnsafeRawBufferPointer($0) }, nestedOffset: weight.entry.nestedOffset,
        shape: weight.entry.shape, into: values, as: .f32)
    }
    for part in parts { part.deallocate() }
    try values.withUnsafeBytes { try upload($0, to: output.view, context) }
  }

  func quantize(_ values: Tensor, into weight: WeightView, on context: DeviceContext) throws {
    try count { $0.encoded[context.device, default: 0] += 1 }
    let floats = try download(values.view, context)
    let parts = weight.parts.map {
      UnsafeMutableRawBufferPointer.allocate(byteCount: $0.byteCount, alignment: 16)
    }
    defer { for part in parts + [floats] { part.deallocate() } }
    _ = try weight.entry.format.encode(
      UnsafeRawBufferPointer(floats), of: .f32, shape: weight.entry.shape, into: parts)
    if context.device == broken { parts[0][0] ^= 1 }
    for (part, view) in zip(parts, weight.parts) {
      try upload(UnsafeRawBufferPointer(part), to: view, context)
    }
  }

  private func count(_ note: (inout Calls) -> Void) throws {
    try calls.withLock { calls in
      guard calls.remaining > 0 else { throw Refused() }
      calls.remaining -= 1
      note(&calls)
    }
  }

  private func download(_ view: BufferView, _ context: DeviceContext) throws
    -> UnsafeMutableRawBufferPointer
  {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: view.byteCount, alignment: 16)
    try context.download.download(view, to: bytes)
    try context.download.synchronize()
    return bytes
  }

  private func upload(
    _ bytes: UnsafeRawBufferPointer, to view: BufferView, _ context: DeviceContext
  ) throws {
    try context.upload.upload(bytes, to: view)
    try context.upload.synchronize()
  }
}
