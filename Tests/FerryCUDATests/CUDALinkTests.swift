import FerryCUDA
import FerryDevices
import Foundation
import Testing

/// Links as the kernel shows them, from folders like its own.
@Suite struct CUDALinkTests {
  @Test func anIdlingLinkIsTheOneThatBothEndsReach() throws {
    let link = try Self.link(
      device: ["current_link_speed": "2.5 GT/s PCIe", "max_link_speed": "32.0 GT/s PCIe"],
      port: ["max_link_speed": "16.0 GT/s PCIe"])
    #expect(link == HostLink(generation: 4, width: 16))
    #expect(link?.description == "PCIe 4 x16")
  }

  @Test func aPortThatSaysNonsenseIsNotBelieved() throws {
    let link = try Self.link(
      device: ["current_link_speed": "32.0 GT/s PCIe", "max_link_speed": "32.0 GT/s PCIe"],
      port: ["max_link_speed": "2.5 GT/s PCIe"])
    #expect(link == HostLink(generation: 5, width: 16))
  }

  @Test func anUnknownLinkIsNone() throws {
    #expect(try Self.link(device: ["current_link_speed": "Unknown"], port: [:]) == nil)
    #expect(HostLink(ofBusID: "0000:1B:00.0", in: "/no/such/folder") == nil)
  }

  private static func link(device: [String: String], port: [String: String]) throws -> HostLink? {
    let root = FileManager.default.temporaryDirectory.appending(path: "link-\(UUID())")
    defer { try? FileManager.default.removeItem(at: root) }
    let place = root.appending(path: "port/0000:1b:00.0")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try Data("16\n".utf8).write(to: place.appending(path: "current_link_width"))
    for (name, text) in device {
      try Data("\(text)\n".utf8).write(to: place.appending(path: name))
    }
    for (name, text) in port {
      try Data("\(text)\n".utf8).write(to: root.appending(path: "port/\(name)"))
    }
    return HostLink(ofBusID: "00000000:1B:00.0", in: root.appending(path: "port").path)
  }
}
