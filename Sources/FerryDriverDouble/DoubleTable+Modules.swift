import CDrivers
import FerryDevices

extension DriverDouble {
  static func fillModules(_ table: inout ferry_cuda) {
    table.ModuleLoadDataEx = { handle, image, _, _, _ in
      DriverDouble.call(.moduleLoadDataEx) { state throws(DriverFailure) in
        handle?.pointee = try state.load(image).token.pointer
      }
    }
    table.ModuleUnload = { module in
      DriverDouble.call(.moduleUnload) { state throws(DriverFailure) in try state.unload(module) }
    }
    table.ModuleGetFunction = { handle, module, name in
      DriverDouble.call(.moduleGetFunction) { state throws(DriverFailure) in
        guard let name else { throw .invalidValue }
        let function = try state.function(String(cString: name), of: module)
        handle?.pointee = function.token.pointer
      }
    }
    fillFunctions(&table)
  }

  private static func fillFunctions(_ table: inout ferry_cuda) {
    table.FuncGetAttribute = { value, attribute, handle in
      DriverDouble.call(.funcGetAttribute) { state throws(DriverFailure) in
        let function = try state.function(handle)
        guard let answer = function.attribute(attribute) else { throw .invalidValue }
        value?.pointee = answer
      }
    }
    table.FuncGetParamInfo = { handle, index, offset, size in
      DriverDouble.call(.funcGetParamInfo) { state throws(DriverFailure) in
        let layout = try state.function(handle).kernel.layout
        guard layout.indices.contains(index) else { throw .invalidValue }
        offset?.pointee = layout[index].offset
        size?.pointee = layout[index].size
      }
    }
    table.LaunchKernel = { function, x, y, z, a, b, c, shared, stream, parameters, extra in
      DriverDouble.call(.launchKernel) { state throws(DriverFailure) in
        guard extra == nil else { throw .invalidValue }
        let grid = DoubleGrid(
          groups: GridSize(Int(x), Int(y), Int(z)), groupSize: GridSize(Int(a), Int(b), Int(c)),
          shared: shared)
        try state.launch(
          try state.function(function), grid, parameters, on: try state.soundStream(stream))
      }
    }
  }
}

extension DoubleFunction {
  /// A `CU_FUNC_ATTRIBUTE_…`; nil for one that there is not.
  fileprivate func attribute(_ number: Int32) -> Int32? {
    switch number {
    case 0: 1024
    case 1, 2, 3, 7: 0
    case 4: 32
    case 5, 6: 90
    case 8: Self.sharedLimit
    case 9: -1
    default: nil
    }
  }
}
