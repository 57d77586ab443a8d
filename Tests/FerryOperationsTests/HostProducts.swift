import FerryDevices
import FerryFormats
import Synchronization

/// A device whose vendor multiplies matrices: on the host, one sum after the other.
final class MultiplyingBackend: DeviceBackend {
  private let base: any DeviceBackend
  let products = HostProducts()

  init(_ base: any DeviceBackend) { self.base = base }

  var device: Device { base.device }
  var name: String { base.name }
  var limits: DeviceLimits { base.limits }
  var vendorProducts: (any VendorProducts)? { products }

  func memory() throws(DeviceError) -> DeviceMemory { try base.memory() }
  func allocate(byteCount: Int) throws(DeviceError) -> DeviceHandle {
    try base.allocate(byteCount: byteCount)
  }
  func free(_ handle: DeviceHandle, byteCount: Int) { base.free(handle, byteCount: byteCount) }
  func makeStream() throws(DeviceError) -> any DeviceStream { try base.makeStream() }
  func kernel(named name: String, in program: KernelProgram) throws(DeviceError)
    -> any DeviceKernel
  {
    try base.kernel(named: name, in: program)
  }
}

/// Products of f16 matrices into f16, computed on the host, and how many there were.
final class HostProducts: VendorProducts {
  private let made = Mutex(0)

  /// How many products were asked for and given.
  var count: Int { made.withLock { $0 } }

  func multiply(
    _ a: BufferView, _ b: BufferView, into c: BufferView, shape: ProductShape,
    on stream: any DeviceStream
  ) throws(DeviceError) {
    guard shape.input == .f16, shape.output == .f16 else {
      throw DeviceError(.unavailable, "only f16: use another kernel")
    }
    let (x, w) = (try numbers(a, on: stream), try numbers(b, on: stream))
    var result = [Float16](repeating: 0, count: shape.m * shape.n)
    for m in 0..<shape.m {
      for n in 0..<shape.n {
        var sum: Float = 0
        for k in 0..<shape.k { sum += x[m * shape.k + k] * w[n * shape.k + k] }
        result[m * shape.n + n] = Float16(sum)
      }
    }
    let bytes = result.withUnsafeBytes { Array($0) }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    try stream.upload(UnsafeRawBufferPointer(memory), to: c)
    try stream.synchronize()
    made.withLock { $0 += 1 }
  }

  private func numbers(
    _ view: BufferView, on stream: any DeviceStream
  ) throws(DeviceError) -> [Float] {
    let memory = UnsafeMutableBufferPointer<Float16>.allocate(capacity: view.byteCount / 2)
    defer { memory.deallocate() }
    try stream.download(view, to: UnsafeMutableRawBufferPointer(memory))
    try stream.synchronize()
    return memory.map(Float.init)
  }
}
