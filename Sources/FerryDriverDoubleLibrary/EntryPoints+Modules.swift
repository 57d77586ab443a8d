package import CDrivers

// Modules and launches.

@c(cuModuleLoadDataEx) package func moduleLoadDataEx(
  _ module: UnsafeMutablePointer<CUmodule?>?, _ image: UnsafeRawPointer?, _ count: UInt32,
  _ options: UnsafeMutablePointer<Int32>?, _ values: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> CUresult {
  driver.ModuleLoadDataEx(module, image, count, options, values)
}

@c(cuModuleUnload) package func moduleUnload(_ module: CUmodule?) -> CUresult {
  driver.ModuleUnload(module)
}

@c(cuModuleGetFunction) package func moduleGetFunction(
  _ function: UnsafeMutablePointer<CUfunction?>?, _ module: CUmodule?, _ name: UnsafePointer<CChar>?
) -> CUresult {
  driver.ModuleGetFunction(function, module, name)
}

@c(cuFuncGetAttribute) package func funcGetAttribute(
  _ value: UnsafeMutablePointer<Int32>?, _ attribute: Int32, _ function: CUfunction?
) -> CUresult {
  driver.FuncGetAttribute(value, attribute, function)
}

@c(cuFuncGetParamInfo) package func funcGetParamInfo(
  _ function: CUfunction?, _ index: Int, _ offset: UnsafeMutablePointer<Int>?,
  _ size: UnsafeMutablePointer<Int>?
) -> CUresult {
  driver.FuncGetParamInfo(function, index, offset, size)
}

@c(cuLaunchKernel) package func launchKernel(
  _ function: CUfunction?, _ x: UInt32, _ y: UInt32, _ z: UInt32, _ a: UInt32, _ b: UInt32,
  _ c: UInt32, _ shared: UInt32, _ stream: CUstream?,
  _ parameters: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ extra: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> CUresult {
  driver.LaunchKernel(function, x, y, z, a, b, c, shared, stream, parameters, extra)
}
