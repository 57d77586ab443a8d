import FerryDevices
import Testing

@Suite struct DeviceTests {
  @Test(arguments: [
    ("cpu", Device.cpu), ("cuda", .cuda(0)), ("cuda:0", .cuda(0)), ("cuda:12", .cuda(12)),
    ("opencl", .opencl(0)), ("opencl:1", .opencl(1)),
  ])
  func parses(_ text: String, _ device: Device) {
    #expect(Device(text) == device)
  }

  @Test(arguments: [
    "", " ", "CPU", "cpu:0", "cpu:", ":0", "cuda:", "cuda:-1", "cuda:+1", "cuda:01", "cuda:1:2",
    "cuda: 1", "cuda:65536", "cuda:١", "vulkan", "opencl:x", "opencl0",
  ])
  func refuses(_ text: String) {
    #expect(Device(text) == nil)
  }

  @Test(arguments: [Device.cpu, .cuda(0), .cuda(7), .opencl(0), .opencl(3)])
  func printsWhatItParses(_ device: Device) {
    #expect(Device(device.description) == device)
  }

  @Test func printsTheIndexAlways() {
    #expect("\(Device.cuda())" == "cuda:0")
    #expect("\(Device.opencl(2))" == "opencl:2")
    #expect("\(Device.cpu)" == "cpu")
  }
}
