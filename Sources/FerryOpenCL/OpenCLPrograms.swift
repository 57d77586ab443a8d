import CDeviceKernels
import CDrivers
package import FerryDevices
import Synchronization

/// What a device has built so far.
struct OpenCLPrograms: Sendable {
  private var programs: [KernelProgram: OpenCLObject] = [:]
  private var kernels: [KernelProgram: [String: OpenCLKernel]] = [:]

  func kernel(_ name: String, in program: KernelProgram) -> OpenCLKernel? {
    kernels[program]?[name]
  }

  mutating func keep(_ kernel: OpenCLKernel, of program: KernelProgram) {
    kernels[program, default: [:]][kernel.name] = kernel
  }

  /// The built program; `build` is called the first time.
  mutating func program(
    _ program: KernelProgram, build: (KernelProgram) throws(DeviceError) -> OpenCLObject
  ) throws(DeviceError) -> OpenCLObject {
    if let built = programs[program] { return built }
    let built = try build(program)
    programs[program] = built
    return built
  }

  mutating func takeAll() -> [OpenCLObject] {
    defer { (programs, kernels) = ([:], [:]) }
    return Array(programs.values)
  }
}

extension OpenCLBackend {
  /// Builds in OpenCL C 1.2, without any relaxation of arithmetic.
  package func kernel(named name: String, in program: KernelProgram) throws(DeviceError)
    -> any DeviceKernel
  {
    try programs.withLock { (programs: inout OpenCLPrograms) throws(DeviceError) in
      if let kernel = programs.kernel(name, in: program) { return kernel }
      let built = try programs.program(program, build: build)
      let kernel = try makeKernel(name, built, program)
      programs.keep(kernel, of: program)
      return kernel
    }
  }

  private func makeKernel(
    _ name: String, _ built: OpenCLObject, _ program: KernelProgram
  ) throws(DeviceError) -> OpenCLKernel {
    var status: Int32 = 0
    guard let kernel = library.call.CreateKernel(built.pointer, name, &status) else {
      throw DeviceError(
        .compileFailed, "\(program.name) has no kernel \(name) on \(device)",
        cause: OpenCLStatus(rawValue: status).description)
    }
    return OpenCLKernel(name, OpenCLObject(kernel), self)
  }

  private func build(_ program: KernelProgram) throws(DeviceError) -> OpenCLObject {
    var status: Int32 = 0
    let text = source(of: program)
    let made = text.withCString { text in
      var text: UnsafePointer<CChar>? = text
      return library.call.CreateProgramWithSource(context.pointer, 1, &text, nil, &status)
    }
    try OpenCLStatus(rawValue: status).check(.setUp, on: device)
    guard let made else { throw OpenCLStatus.outOfHostMemory.error(.setUp, on: device) }
    var id: OpaquePointer? = info.id.pointer
    status = library.call.BuildProgram(made, 1, &id, options, nil, nil)
    guard status == 0 else {
      defer { _ = library.call.ReleaseProgram(made) }
      throw compileFailure(program, made, OpenCLStatus(rawValue: status))
    }
    return OpenCLObject(made)
  }

  private var options: String {
    "-cl-std=CL1.2" + (info.dividesExactly ? " -cl-fp32-correctly-rounded-divide-sqrt" : "")
  }

  private func source(of program: KernelProgram) -> String {
    var defines = program.defines
    if info.dividesExactly { defines["FERRY_EXACT_DIVISION"] = "1" }
    let lines = defines.sorted { $0.key < $1.key }.map { "#define \($0.key) \($0.value)\n" }
    let preludes = ["opencl", "dialect", "collectives.opencl"].map(Self.prelude)
    return lines.joined() + preludes.joined()
      + "#line 1 \"\(program.name)\"\n" + program.source
  }

  private static func prelude(_ name: String) -> String {
    ferry_kernel_prelude(name, nil).map { String(cString: $0) } ?? ""
  }

  private func compileFailure(
    _ program: KernelProgram, _ made: OpaquePointer, _ status: OpenCLStatus
  ) -> DeviceError {
    // CL_PROGRAM_BUILD_LOG
    let log = library.text {
      library.call.GetProgramBuildInfo(made, info.id.pointer, 0x1183, $0, $1, $2)
    }
    return DeviceError(
      .compileFailed, "the kernels of \(program.name) could not be built for \(device) (\(name))",
      cause: "\(status): \(log)")
  }
}
