import CDrivers
package import FerryDevices
import Synchronization

/// What a device has loaded so far, by ``KernelProgram/imageKey``.
struct CUDAModules: Sendable {
  /// A loaded image.
  struct Module: Sendable {
    let object: CUDAObject
    /// What it was compiled for.
    let target: String
    var kernels: [String: CUDAKernel] = [:]
  }

  private var modules: [String: Module] = [:]

  subscript(key: String) -> Module? {
    get { modules[key] }
    set { modules[key] = newValue }
  }

  /// The loaded image; `load` is called the first time.
  mutating func module(_ key: String, load: () throws(DeviceError) -> Module) throws(DeviceError)
    -> Module
  {
    if let module = modules[key] { return module }
    let module = try load()
    modules[key] = module
    return module
  }

  mutating func takeAll() -> [CUDAObject] {
    defer { modules = [:] }
    return modules.values.map(\.object)
  }
}

extension CUDABackend {
  /// Loads the best image of the program that this build has for the device; its source is not used.
  package func kernel(named name: String, in program: KernelProgram) throws(DeviceError)
    -> any DeviceKernel
  {
    let key = program.imageKey
    return try modules.withLock { (modules: inout CUDAModules) throws(DeviceError) in
      if let kernel = modules[key]?.kernels[name] { return kernel }
      let module = try modules.module(key) { () throws(DeviceError) in try load(program, key) }
      let kernel = try function(name, of: module, program)
      modules[key]?.kernels[name] = kernel
      return kernel
    }
  }

  /// The target whose image of a program was loaded; nil before.
  package func loadedTarget(of program: KernelProgram) -> String? {
    modules.withLock { $0[program.imageKey]?.target }
  }

  private func function(
    _ name: String, of module: CUDAModules.Module, _ program: KernelProgram
  ) throws(DeviceError) -> CUDAKernel {
    var function: OpaquePointer?
    do throws(DeviceError) {
      try context.run(.build) { $0.ModuleGetFunction(&function, module.object.pointer, name) }
    } catch {
      guard error.code == .compileFailed else { throw error }
      throw DeviceError(
        .compileFailed, "\(program.name) has no kernel \(name) on \(device)", cause: error.cause)
    }
    guard let function else { throw CUDAStatus.invalidImage.error(.build, on: device) }
    return try CUDAKernel(name, CUDAObject(function), self)
  }

  /// The first image that loads; a driver may be too old for one and take the next.
  private func load(_ program: KernelProgram, _ key: String) throws(DeviceError)
    -> CUDAModules.Module
  {
    var causes: [String] = []
    for target in capability.targets {
      guard let image = images.image(target, key) else { continue }
      do throws(DeviceError) {
        return CUDAModules.Module(object: try load(image), target: target)
      } catch {
        guard error.code == .compileFailed else { throw error }
        causes.append("\(target): \(error.cause ?? "")")
      }
    }
    guard causes.isEmpty else {
      throw DeviceError(
        .compileFailed, "the kernels of \(program.name) could not be loaded on \(device) (\(name))",
        cause: causes.joined(separator: "; "))
    }
    throw DeviceError(
      .compileFailed,
      "this build has no image of \(key) for \(device) (\(capability.architecture)): "
        + "add it to the list of images and compile them")
  }

  /// Loads an image, or compiles it if it is PTX.
  private func load(_ image: UnsafeRawPointer) throws(DeviceError) -> CUDAObject {
    var module: OpaquePointer?
    var log = [UInt8](repeating: 0, count: 8 << 10)
    do throws(DeviceError) {
      try context.run(.build) { call in
        log.withUnsafeMutableBytes { log in
          // CU_JIT_ERROR_LOG_BUFFER and its size, which is passed as the pointer itself
          var options: [Int32] = [5, 6]
          var values = [log.baseAddress, UnsafeMutableRawPointer(bitPattern: log.count)]
          return call.ModuleLoadDataEx(&module, image, 2, &options, &values)
        }
      }
    } catch {
      guard error.code == .compileFailed else { throw error }
      let words = String(decoding: log.prefix { $0 != 0 }, as: UTF8.self)
      let cause = [error.cause, words.isEmpty ? nil : words].compactMap { $0 }
      throw DeviceError(.compileFailed, error.message, cause: cause.joined(separator: ": "))
    }
    guard let module else { throw CUDAStatus.invalidImage.error(.build, on: device) }
    return CUDAObject(module)
  }
}
