import CDrivers
import FerryFormats
import Glibc

/// A product as cuBLASLt is asked for it: d = op(a) · b.
struct BLASCall {
  let product: BLASProduct
  let a, b, d: BLASMatrix

  /// What the double multiplies, as the library says of itself: a transposed, a and b of one type of 16
  /// bits, d of theirs or f32.
  func check() throws(BLASFailure) {
    guard product.transposesA, a.type == b.type, a.type != .f32, d.type == a.type || d.type == .f32
    else { throw .notSupported }
    guard a.rows == b.rows, d.rows == a.columns, d.columns == b.columns else {
      throw .invalidValue
    }
  }
}

extension DriverState {
  /// The way of a product: a number of its own, that ``multiply(_:_:_:_:on:)`` wants back.
  func choose(
    _ call: BLASCall, _ preference: BLASPreference
  ) throws(BLASFailure) -> ferry_cublaslt_choice {
    try call.check()
    let (workspace, alignments) = (preference.workspaceBytes, preference.alignments)
    guard workspace >= DoubleBLAS.workspace else { throw .notSupported }
    var choice = ferry_cublaslt_choice()
    choice.workspace_size = Int(DoubleBLAS.workspace)
    choice.algorithm.data.0 = DoubleBLAS.mark
    choice.algorithm.data.1 = UInt64(alignments[0])
    choice.algorithm.data.2 = UInt64(alignments[1])
    choice.algorithm.data.3 = UInt64(alignments[3])
    return choice
  }

  /// Queues a product by a way that was chosen for it.
  func multiply(
    _ call: BLASCall, _ places: BLASPlaces, _ algorithm: ferry_cublaslt_algorithm,
    on stream: DoubleStream
  ) throws(BLASFailure) {
    try call.check()
    guard algorithm.data.0 == DoubleBLAS.mark,
      places.a.rawValue % algorithm.data.1 == 0, places.b.rawValue % algorithm.data.2 == 0,
      places.d.rawValue % algorithm.data.3 == 0, places.workspace.count >= DoubleBLAS.workspace
    else { throw .invalidValue }
    let (a, b) = (
      DeviceRange(places.a, count: call.a.byteCount), DeviceRange(places.b, count: call.b.byteCount)
    )
    let (d, workspace) = (DeviceRange(places.d, count: call.d.byteCount), places.workspace)
    let context = stream.context
    let work = DoubleWork("product", ranges: [a, b, d, workspace]) { state throws(DriverFailure) in
      let scratch = try state.bytes(workspace, for: context, "cuBLASLt")
      if let start = scratch.baseAddress { memset(start, 0xCB, scratch.count) }
      call.run(
        UnsafeRawBufferPointer(try state.bytes(a, for: context, "cuBLASLt")),
        UnsafeRawBufferPointer(try state.bytes(b, for: context, "cuBLASLt")),
        into: try state.bytes(d, for: context, "cuBLASLt"))
    }
    do throws(DriverFailure) { try enqueue(work, on: stream) } catch { throw .executionFailed }
  }
}

/// Where a product's matrices are.
struct BLASPlaces {
  let a, b, d: DeviceAddress
  let workspace: DeviceRange

  init(
    _ a: UnsafeRawPointer?, _ b: UnsafeRawPointer?, _ d: UnsafeRawPointer?,
    workspace: UnsafeRawPointer?, _ byteCount: Int
  ) {
    func address(_ pointer: UnsafeRawPointer?) -> DeviceAddress {
      DeviceAddress(UInt64(UInt(bitPattern: pointer)))
    }
    (self.a, self.b, self.d) = (address(a), address(b), address(d))
    self.workspace = DeviceRange(address(workspace), count: byteCount)
  }
}

extension DoubleBLAS {
  /// Bytes that each product wants to work in.
  fileprivate static let workspace: UInt64 = 4096
  /// What marks a way that the double has chosen.
  fileprivate static let mark: UInt64 = 0xB1A5
}

extension BLASCall {
  /// The definition, one sum after the other in f32.
  fileprivate func run(
    _ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer,
    into d: UnsafeMutableRawBufferPointer
  ) {
    for column in 0..<self.d.columns {
      for row in 0..<self.d.rows {
        var sum: Float = 0
        for index in 0..<self.a.rows {
          sum += self.a.number(index, row, in: a) * self.b.number(index, column, in: b)
        }
        self.d.store(sum, row, column, in: d)
      }
    }
  }
}
