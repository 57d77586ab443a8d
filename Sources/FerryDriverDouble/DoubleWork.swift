/// Something queued on a stream. It can run more than once: in a graph.
struct DoubleWork {
  /// What it is, in a word or two.
  let name: String
  /// The device memory it uses, to the extent that it is known before it runs.
  let ranges: [DeviceRange]
  /// Whether it does something on the device, rather than only mark or await a point.
  let isWork: Bool
  let body: (DriverState) throws(DriverFailure) -> Void

  init(
    _ name: String, ranges: [DeviceRange] = [], isWork: Bool = true,
    _ body: @escaping (DriverState) throws(DriverFailure) -> Void
  ) {
    self.name = name
    self.ranges = ranges
    self.isWork = isWork
    self.body = body
  }

  func uses(_ range: DeviceRange) -> Bool { ranges.contains { $0.overlaps(range) } }
}
