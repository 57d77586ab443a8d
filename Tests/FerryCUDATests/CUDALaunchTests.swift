import FerryCUDA
import FerryDevices
import FerryDriverDouble
import FerryFormats
import FerryOperations
import FerryTensors
import Testing

extension OnTheDouble {
  /// What a launch is checked for before the driver sees it.
  @Suite struct CUDALaunchTests {
    /// Rows along the second axis of a grid, which takes 65535 groups.
    @Test func aGridThatIsTooLargeIsAnErrorThatSaysWhatToDo() throws {
      try OnTheDouble.run {
        let operations = try KernelOperations(context: DeviceContext(DoubleDevices.first()))
        let memory = try operations.context.allocate(byteCount: 4 * 2 * 65_536).view
        let tensor = Tensor(memory, .f32, shape: [65_536, 2])
        let error = #expect(throws: DeviceError.self) {
          try operations.rotate(
            tensor, heads: HeadShape(count: 1, size: 2, rotarySize: 2),
            tables: tensor.reshaped([65_536, 2, 1]), firstPosition: 0)
        }
        #expect(error?.code == .launchFailed)
        #expect(error?.message.contains("take fewer rows at a time") == true)
      }
    }
  }
}
