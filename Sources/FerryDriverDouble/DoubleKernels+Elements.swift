import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors
import Glibc

extension DoubleKernels {
  /// Kernels whose threads take elements.
  static let elements = [
    DoubleKernel("silu_multiply", of: "elementwise", "bbbl") { run in
      try combine(run) { gate, up in Float(Double(gate) / (1 + exp(-Double(gate))) * Double(up)) }
    },
    DoubleKernel("add", of: "elementwise", "bbbl") { run in try combine(run, +) },
    DoubleKernel("convert", of: "elementwise", "bbl", convert),
    DoubleKernel("dequantize", of: "dequantize", KernelWeight.letters + "bll", dequantize),
  ]

  private static func combine(_ run: KernelRun, _ body: (Float, Float) -> Float) throws {
    let (a, b, output) = (try run.buffer(), try run.buffer(), try run.buffer())
    let count = try run.count()
    try run.requireFlat(count)
    let left = try a.floats(count, try run.type("A"))
    let right = try b.floats(count, try run.type("B"))
    try output.store(zip(left, right).map(body), as: try run.type("OUTPUT"))
  }

  private static func convert(_ run: KernelRun) throws {
    let (a, output) = (try run.buffer(), try run.buffer())
    let count = try run.count()
    try run.requireFlat(count)
    try output.store(try a.floats(count, try run.type("A")), as: try run.type("OUTPUT"))
  }

  private static func dequantize(_ run: KernelRun) throws {
    let weight = try KernelWeight(run)
    let output = try run.buffer()
    let (count, columns) = (try run.count(), try run.count())
    try run.requireFlat(count.blocks(of: 32))
    try run.require(columns > 0 && count % columns == 0, "\(count) elements are no rows")
    try run.operations().dequantize(
      try weight.view(try run.define("FORMAT"), rows: count / columns, columns: columns),
      into: try output.tensor(try run.type("OUTPUT"), [count / columns, columns]))
  }
}
