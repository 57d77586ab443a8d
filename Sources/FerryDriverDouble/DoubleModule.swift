import CDrivers
import FerryDevices

/// A loaded image: a program with its defines.
final class DoubleModule {
  let token = DoubleToken()
  let context: DoubleContext
  let program: String
  let defines: [String: String]

  /// A module from an image's key: a name, then `NAME=value` for each define.
  init(_ key: String, _ context: DoubleContext) {
    self.context = context
    let words = key.split(separator: " ").map(String.init)
    program = words.first ?? ""
    var defines: [String: String] = [:]
    for word in words.dropFirst() {
      let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
      defines[pair[0]] = pair.count == 2 ? pair[1] : ""
    }
    self.defines = defines
  }
}

/// A kernel of a module.
final class DoubleFunction {
  let token = DoubleToken()
  let module: DoubleModule
  let kernel: DoubleKernel
  /// `CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES`, as it is where nobody asks for more.
  static let sharedLimit: Int32 = 49152

  init(_ module: DoubleModule, _ kernel: DoubleKernel) {
    self.module = module
    self.kernel = kernel
  }
}

// MARK: - Modules

extension DriverState {
  /// What is in an image the double need not know, since it runs kernels by what they are for: it takes the
  /// images of `CDeviceKernels`, by their keys.
  func load(_ image: UnsafeRawPointer?) throws(DriverFailure) -> DoubleModule {
    let context = try soundContext()
    guard let image else { throw .invalidValue }
    guard let key = DoubleImage(image).key else { throw .invalidImage }
    let module = DoubleModule(key, context)
    modules[module.token.rawValue] = module
    return module
  }

  func unload(_ handle: OpaquePointer?) throws(DriverFailure) {
    guard let module = modules.removeValue(forKey: UInt(handle: handle)) else {
      throw .invalidHandle
    }
    functions = functions.filter { $0.value.module !== module }
    try module.context.check()
  }

  func function(
    _ name: String, of handle: OpaquePointer?
  ) throws(DriverFailure) -> DoubleFunction {
    guard let module = modules[UInt(handle: handle)] else { throw .invalidHandle }
    guard let kernel = DoubleKernels.kernel(name, of: module.program, module.defines) else {
      if !DoubleKernels.knows(module.program) {
        note("the double knows no kernel \(name) of \(module.program): add it to DoubleKernels")
      }
      throw .notFound
    }
    if let known = functions.values.first(where: { $0.module === module && $0.kernel.name == name })
    {
      return known
    }
    let function = DoubleFunction(module, kernel)
    functions[function.token.rawValue] = function
    return function
  }

  func function(_ handle: OpaquePointer?) throws(DriverFailure) -> DoubleFunction {
    guard let function = functions[UInt(handle: handle)] else { throw .invalidHandle }
    return function
  }
}

// MARK: - Launches

/// Where and how large a launch is.
struct DoubleGrid {
  let groups: GridSize
  let groupSize: GridSize
  let shared: UInt32
}

extension DriverState {
  func launch(
    _ function: DoubleFunction, _ grid: DoubleGrid,
    _ parameters: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, on stream: DoubleStream
  ) throws(DriverFailure) {
    guard function.module.context === stream.context else { throw .invalidHandle }
    try check(grid)
    let arguments = try KernelArguments(function.kernel, parameters)
    let launch = KernelLaunch(
      kernel: function.kernel, defines: function.module.defines, grid: grid, arguments: arguments)
    let context = stream.context
    let ranges = arguments.addresses.map { DeviceRange($0, count: 1) }
    try enqueue(
      DoubleWork("kernel \(function.kernel.name)", ranges: ranges) { state throws(DriverFailure) in
        try state.run(launch, in: context)
      }, on: stream)
  }

  /// What a driver refuses at once.
  private func check(_ grid: DoubleGrid) throws(DriverFailure) {
    let (groups, size) = (grid.groups, grid.groupSize)
    let axes = [groups.x, groups.y, groups.z, size.x, size.y, size.z]
    guard axes.allSatisfy({ $0 > 0 }), groups.x <= Int(Int32.max), groups.y <= 65535,
      groups.z <= 65535, size.x <= 1024, size.y <= 1024, size.z <= 64, size.count <= 1024,
      Int(grid.shared) <= Int(DoubleFunction.sharedLimit)
    else { throw .invalidValue }
  }

  private func run(_ launch: KernelLaunch, in context: DoubleContext) throws(DriverFailure) {
    do {
      try launch.kernel.body(KernelRun(launch, self, context))
    } catch let failure as DriverFailure {
      throw failure
    } catch {
      note("kernel \(launch.kernel.name) went wrong: \(error)")
      throw .launchFailed
    }
  }
}
