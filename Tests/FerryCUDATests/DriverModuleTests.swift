import CDeviceKernels
import CDrivers
import FerryDriverDouble
import Testing

extension OnTheDouble {
  /// Images are loaded and kernels launched by a driver's rules.
  @Suite struct DriverModuleTests {
    private static let key = "conformance-defines VALUE=7u"

    /// The kernel that writes 7, and its module.
    private func load(_ driver: DriverCalls) -> (module: CUmodule?, function: CUfunction?) {
      var (module, function): (CUmodule?, CUfunction?) = (nil, nil)
      let image = ferry_kernel_image("sm_90", Self.key, nil)
      #expect(driver.call.ModuleLoadDataEx(&module, image, 0, nil, nil) == 0)
      #expect(driver.call.ModuleGetFunction(&function, module, "absent") == 500)
      #expect(driver.call.ModuleGetFunction(&function, module, "defined") == 0)
      return (module, function)
    }

    private func launch(
      _ driver: DriverCalls, _ function: CUfunction?, _ address: CUdeviceptr, offset: UInt64 = 0,
      threads: UInt32 = 1
    ) -> CUresult {
      var values = [UInt64(address), offset]
      return values.withUnsafeMutableBufferPointer { values in
        var parameters = values.indices.map { UnsafeMutableRawPointer?(&values[$0]) }
        return driver.call.LaunchKernel(
          function, 1, 1, 1, threads, 1, 1, 0, driver.stream, &parameters, nil)
      }
    }

    @Test func aKernelRunsWhenItIsWaitedFor() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let (module, function) = load(driver)
        let address = driver.allocate(16)
        #expect(launch(driver, function, address, offset: 8) == 0)
        #expect(driver.read(address + 8, 4) == [7, 0, 0, 0])
        #expect(launch(driver, function, address, threads: 0) == 1)
        #expect(launch(driver, function, address, threads: 1025) == 1)
        #expect(driver.call.MemFree(address) == 0)
        #expect(driver.call.ModuleUnload(module) == 0)
        #expect(driver.call.ModuleUnload(module) == 400)
        #expect(launch(driver, function, address) == 400)
        driver.end()
      }
    }

    @Test func parametersAreDescribed() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let (module, function) = load(driver)
        var (offset, size) = (0, 0)
        #expect(driver.call.FuncGetParamInfo(function, 1, &offset, &size) == 0)
        #expect((offset, size) == (8, 8))
        #expect(driver.call.FuncGetParamInfo(function, 2, &offset, &size) == 1)
        #expect(driver.call.ModuleUnload(module) == 0)
        driver.end()
      }
    }

    @Test func whatIsNoImageIsRefused() {
      OnTheDouble.run {
        let driver = DriverCalls()
        var module: CUmodule?
        #expect(
          driver.call.ModuleLoadDataEx(&module, [UInt8](repeating: 0, count: 64), 0, nil, nil)
            == 200)
        #expect(driver.call.ModuleLoadDataEx(&module, nil, 0, nil, nil) == 1)
        driver.end()
      }
    }

    @Test func aKernelOutsideItsMemoryBreaksTheContext() {
      DriverDouble.start()
      let driver = DriverCalls()
      let (module, function) = load(driver)
      let address = driver.allocate(16)
      #expect(launch(driver, function, address, offset: 13) == 0)
      #expect(driver.call.StreamSynchronize(driver.stream) == 700)
      #expect(driver.call.MemFree(address) == 700)
      #expect(driver.call.ModuleUnload(module) == 700)
      driver.end()
      #expect(DriverDouble.stop().count == 1)
    }
  }
}
