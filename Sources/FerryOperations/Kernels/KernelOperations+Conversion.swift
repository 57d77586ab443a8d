import FerryDevices
import FerryFormats
import FerryTensors

extension KernelOperations {
  /// Runs a layer whose types no kernel was compiled for with its input and output in f32 beside it.
  ///
  /// The results are the same, bit for bit: elements convert to f32 exactly, and results are rounded
  /// once, as they would be when stored. Only devices that do not compile come here.
  func throughF32(_ call: LinearCall, _ run: (LinearCall) throws -> Void) throws {
    let memory = try conversions.views(
      [call.input, call.output].map { $0.count * ElementType.f32.byteCount })
    let input = try converted(call.input, memory[0])
    let output = Tensor(memory[1], .f32, shape: call.output.shape)
    try run(LinearCall(input: input, weight: call.weight, bias: call.bias, output: output))
    try convert(output, into: call.output)
  }

  /// The values in f32, in `memory` where they are not that yet.
  private func converted(_ values: Tensor, _ memory: BufferView) throws -> Tensor {
    guard values.elementType != .f32 else { return values }
    let result = Tensor(memory, .f32, shape: values.shape)
    try convert(values, into: result)
    return result
  }
}
