package import FerryDevices

extension HostLink {
  /// The PCI Express link of the device with this bus id (`0000:1B:00.0`), as the kernel shows it in `folder`;
  /// nil where it does not.
  ///
  /// A device that idles may run its link slower than it will run copies: the generation is the one that
  /// both ends of the link reach, or the present one if that is higher.
  package init?(ofBusID id: String, in folder: String = "/sys/bus/pci/devices") {
    let place = "\(folder)/\(Self.kernelName(of: id))"
    guard let width = SystemFile.number("\(place)/current_link_width"), width > 0 else {
      return nil
    }
    let own = Self.generation("\(place)/max_link_speed")
    let port = Self.generation("\(place)/../max_link_speed")
    let present = Self.generation("\(place)/current_link_speed")
    let generation = max(present, min(own, port == 0 ? own : port))
    guard generation > 0 else { return nil }
    self.init(generation: generation, width: width)
  }

  /// `0000:1b:00.0`: four digits of domain, lower case.
  static func kernelName(of id: String) -> String {
    let name = id.lowercased()
    return name.count > 12 && name.hasPrefix("0000") ? String(name.suffix(12)) : name
  }

  /// The generation whose lanes run at the speed in a file (`32.0 GT/s PCIe`); 0 where unknown.
  private static func generation(_ path: String) -> Int {
    guard let word = SystemFile.text(path)?.split(separator: " ").first else { return 0 }
    let speeds = ["2.5": 1, "5": 2, "5.0": 2, "8": 3, "8.0": 3, "16.0": 4, "32.0": 5, "64.0": 6]
    return speeds[String(word)] ?? 0
  }
}
