import FerryDevices

/// A kernel as the double knows it: its parameters, and what it does.
struct DoubleKernel: Sendable {
  /// The kinds of parameters of the dialect.
  enum Parameter: Character, Sendable {
    /// `BUFFER(x)`: an address and an offset.
    case buffer = "b"
    /// `int`
    case int32 = "i"
    /// `uint`
    case uint32 = "u"
    /// `ulong`
    case uint64 = "l"
    /// `float`
    case float = "f"

    /// The sizes in bytes of what the compiler makes of it.
    var sizes: [Int] {
      switch self {
      case .buffer: [8, 8]
      case .uint64: [8]
      case .int32, .uint32, .float: [4]
      }
    }
  }

  /// The function's name.
  let name: String
  /// The program that has it.
  let program: String
  let parameters: [Parameter]
  /// The value of FORMAT that it is for, where its parameters depend on that.
  let format: String?
  let body: @Sendable (KernelRun) throws -> Void

  /// A kernel whose parameters are spelled by a letter each: "bbul".
  init(
    _ name: String, of program: String, _ parameters: String, format: String? = nil,
    _ body: @escaping @Sendable (KernelRun) throws -> Void
  ) {
    self.name = name
    self.program = program
    self.format = format
    self.parameters = parameters.map { letter in
      guard let parameter = Parameter(rawValue: letter) else {
        preconditionFailure("\(letter) is no parameter of \(name)")
      }
      return parameter
    }
    self.body = body
  }

  /// Where each parameter lies, aligned to its size; `cuFuncGetParamInfo`.
  var layout: [(offset: Int, size: Int)] {
    var end = 0
    return parameters.flatMap(\.sizes).map { size in
      let offset = (end + size - 1) / size * size
      end = offset + size
      return (offset, size)
    }
  }
}

/// The kernels that the double runs: one table.
enum DoubleKernels {
  private static let all: [DoubleKernel] =
    primitives + conformance + collectives + rows + products + tiles + attentions + encoders
    + elements + maps + encodings

  static func kernel(
    _ name: String, of program: String, _ defines: [String: String]
  ) -> DoubleKernel? {
    all.first {
      $0.name == name && $0.program == program
        && ($0.format == nil || $0.format == defines["FORMAT"])
    }
  }

  /// Whether any kernel of the program is known.
  static func knows(_ program: String) -> Bool { all.contains { $0.program == program } }
}
