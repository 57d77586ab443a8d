import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

/// A weight of the reference, and the same on the device under test.
struct TestWeight {
  let host: WeightView
  let device: WeightView
}

extension OperationFixture {
  /// A weight with these values, encoded by the reference.
  func weight(
    _ values: [Float], _ format: WeightFormat, shape: [Int]
  ) throws -> TestWeight {
    let bytes = ElementType.f32.bytes(of: values)
    let specifications = format.parts(shape: shape)
    var parts = specifications.map { [UInt8](repeating: 0, count: $0.byteCount) }
    let offset = try encode(bytes, format, shape: shape, into: &parts)
    let entry = Self.entry(format, shape: shape, nestedOffset: offset)
    let weight = TestWeight(
      host: try hostWeight(entry, parts), device: try deviceWeight(entry, parts))
    try watch(weight.device)
    return weight
  }

  /// A weight to be encoded into, full of a pattern that is no result.
  func emptyWeight(_ format: WeightFormat, shape: [Int]) throws -> TestWeight {
    let entry = Self.entry(format, shape: shape, nestedOffset: 0)
    let parts = entry.parts.map { [UInt8](repeating: 0xC3, count: $0.byteCount) }
    return TestWeight(host: try hostWeight(entry, parts), device: try deviceWeight(entry, parts))
  }

  /// Throws unless the device has the very parts of the reference.
  func requireEqualParts(_ weight: TestWeight, _ what: String) throws {
    for (index, part) in weight.host.parts.enumerated() {
      let expected = Array(part.hostBytes ?? UnsafeRawBufferPointer(start: nil, count: 0))
      let actual = try read(weight.device.parts[index])
      let place = zip(expected, actual).enumerated().first { $1.0 != $1.1 }?.offset ?? 0
      try require(
        expected == actual,
        "\(what): byte \(place) of \(weight.host.entry.parts[index].role) is "
          + "\(actual.isEmpty ? 0 : actual[place]) instead of "
          + "\(expected.isEmpty ? 0 : expected[place])")
    }
  }

  private func encode(
    _ bytes: [UInt8], _ format: WeightFormat, shape: [Int], into parts: inout [[UInt8]]
  ) throws -> Float {
    let buffers = parts.map {
      UnsafeMutableRawBufferPointer.allocate(byteCount: $0.count, alignment: 16)
    }
    defer { for buffer in buffers { buffer.deallocate() } }
    let offset = try bytes.withUnsafeBytes {
      try format.encode($0, of: .f32, shape: shape, into: buffers)
    }
    parts = buffers.map { Array($0) }
    return offset
  }

  private static func entry(
    _ format: WeightFormat, shape: [Int], nestedOffset: Float
  ) -> WeightEntry {
    let weight = WeightDescription(
      names: ["weight"], format: format, dtype: .f32, shape: shape, nestedOffset: nestedOffset)
    let segment = SegmentDescription(name: "segment", weights: [weight])
    return WeightLayout(planning: [segment]).entries[0]
  }

  private func hostWeight(_ entry: WeightEntry, _ parts: [[UInt8]]) throws -> WeightView {
    let views = try parts.map { bytes in
      let view = try reference.context.allocate(byteCount: max(bytes.count, 1)).view
      view.mutableHostBytes?.copyBytes(from: bytes)
      return view[0, count: bytes.count]
    }
    return WeightView(entry, parts: views)
  }

  private func deviceWeight(_ entry: WeightEntry, _ parts: [[UInt8]]) throws -> WeightView {
    let views = try zip(entry.parts, parts).map { part, bytes in
      let view = try memory(bytes.count, alignment: part.specification.elementType.byteCount)
      try upload(bytes, to: view)
      return view
    }
    return WeightView(entry, parts: views)
  }
}
