import FerryDevices
import FerryFormats
import FerryTensors

extension WeightView {
  /// The name of the format in the dialect: the value of the define FORMAT.
  var kernelFormat: String {
    switch entry.format {
    case .plain(let type): type.rawValue
    case .fourBit(let format): format.code.rawValue + (format.isNested ? "_nested" : "")
    case .int8Rows: "int8_rows"
    case .dynamic8: "dynamic8"
    case .opaque: preconditionFailure("opaque bytes are not computed with")
    }
  }

  /// WEIGHT_PARAMETERS of the dialect. A part that the format lacks is the payload again, unread.
  var kernelArguments: [KernelArgument] {
    let block = kernelBlock
    return [
      .buffer(payload), .buffer(part(.absmax) ?? part(.rowAbsmax) ?? payload),
      .buffer(part(.nestedAbsmax) ?? payload),
      .buffer(part(.nestedTable) ?? part(.table) ?? payload), .float(entry.nestedOffset),
      .uint32(UInt32(block)), .uint32(UInt32(block.trailingZeroBitCount)),
    ]
  }

  /// How many columns, from the first on, the dialect's values16 takes sixteen at a time: runs of 16
  /// must not straddle blocks, nor start within a byte.
  var wideColumns: Int {
    switch entry.format {
    case .plain, .int8Rows: columnCount / 16 * 16
    case .fourBit: columnCount % 16 == 0 ? columnCount : 0
    case .dynamic8(let block): columnCount % 16 == 0 && block % 16 == 0 ? columnCount : 0
    case .opaque: 0
    }
  }

  private var kernelBlock: Int {
    switch entry.format {
    case .fourBit(let format): format.blockSize
    case .dynamic8(let block): block
    case .plain, .int8Rows, .opaque: 1
    }
  }
}

extension ElementType {
  /// The number by which load_element of the dialect knows the type.
  var kernelNumber: UInt32 {
    switch self {
    case .f32: 1
    case .f16: 2
    case .bf16: 3
    default: preconditionFailure("\(self) is not a type of activations")
    }
  }
}
