import CHostKernels
import FerryDevices
import FerryFormats
import FerryTensors

/// A tensor as kernels take it. Valid while the tensor's memory is.
struct HostTensor {
  let start: UnsafeMutableRawPointer
  let elementType: ElementType
  let type: Int32

  init(_ tensor: Tensor) {
    start = UnsafeMutableRawPointer(mutating: tensor.view.startOnHost)
    elementType = tensor.elementType
    type = tensor.elementType.kernelType
  }

  /// The element at `index`.
  func at(_ index: Int) -> UnsafeMutableRawPointer { start + index * elementType.byteCount }
}

extension ElementType {
  /// The kernels' number for f32, f16 and bf16.
  var kernelType: Int32 {
    switch self {
    case .f32: Int32(FERRY_F32)
    case .f16: Int32(FERRY_F16)
    case .bf16: Int32(FERRY_BF16)
    default: preconditionFailure("\(self) is not a type of activations")
    }
  }
}

extension BufferView {
  /// The first byte of a view that has been checked to be on the host; some address for no bytes.
  var startOnHost: UnsafeRawPointer {
    bytesOnHost.baseAddress ?? UnsafeRawPointer(UnsafeMutableRawPointer.nowhere)
  }
}

extension UnsafeMutableRawPointer {
  /// An address that is never read: what an empty buffer has.
  static var nowhere: UnsafeMutableRawPointer {
    guard let pointer = UnsafeMutableRawPointer(bitPattern: 64) else {
      preconditionFailure("64 is an address")
    }
    return pointer
  }
}

extension ferry_weight {
  /// The parts of a weight that has been checked. Valid while their memory is.
  init(_ weight: WeightView) {
    self.init()
    columns = Int64(weight.columnCount)
    payload = weight.payload.startOnHost
    nested_offset = weight.entry.nestedOffset
    switch weight.entry.format {
    case .plain(let type):
      format = Int32(FERRY_PLAIN)
      self.type = type.kernelType
    case .fourBit(let parameters):
      setFourBit(parameters, weight)
    case .int8Rows:
      format = Int32(FERRY_INT8_ROWS)
      absmax = weight.parts[1].startOnHost
    case .dynamic8(let blockSize):
      format = Int32(FERRY_DYNAMIC8)
      block_size = Int64(blockSize)
      absmax = weight.parts[1].startOnHost
      table = weight.parts[2].startOnHost
    case .opaque: preconditionFailure("opaque bytes are not computed with")
    }
  }

  private mutating func setFourBit(_ parameters: FourBitFormat, _ weight: WeightView) {
    format = Int32(FERRY_FOUR_BIT)
    block_size = Int64(parameters.blockSize)
    absmax = weight.parts[1].startOnHost
    if parameters.isNested {
      nested_absmax = weight.parts[2].startOnHost
      table = weight.parts[3].startOnHost
    }
    withUnsafeMutableBytes(of: &codes) { codes in
      parameters.code.table.withUnsafeBytes { codes.copyMemory(from: $0) }
    }
  }
}

/// Memory for numbers while an operation runs, freed with the last reference.
///
/// It begins with a line of the cache: a vector across two lines takes as long to load as two vectors.
final class Scratch<Element: BitwiseCopyable> {
  let start: UnsafeMutablePointer<Element>
  private static var alignment: Int { 64 }

  init(count: Int) {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: Self.alignment)
    start = bytes.bindMemory(to: Element.self, capacity: max(count, 1))
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }
}
