package import FerryDevices
package import FerryFormats
package import FerryOperations
package import FerryTensors

/// The keys and values of a text so far, for each layer, on one device.
package struct KeyValueCache: Sendable {
  /// The device.
  package let context: DeviceContext
  /// The type of the elements.
  package let elementType: ElementType
  private var layers: [Layer]

  /// Rows of keys and of values, in one allocation.
  private struct Layer: Sendable {
    let width: Int
    var capacity = 0
    var memory: ReturningMemory?
    var allocation: Allocation?

    var view: BufferView? {
      allocation.map { memory?.view(of: $0) ?? $0.view }
    }
  }

  /// A cache without room, for layers whose rows have these many elements.
  package init(_ context: DeviceContext, widths: [Int], elementType: ElementType) {
    self.context = context
    self.elementType = elementType
    self.layers = widths.map { Layer(width: $0) }
  }

  /// The bytes held on the device.
  package var byteCount: Int { layers.reduce(0) { $0 + ($1.allocation?.byteCount ?? 0) } }

  /// The bytes of the first `count` positions, in the layers that have room.
  package func byteCount(ofPositions count: Int) -> Int {
    layers.reduce(0) { $0 + ($1.capacity > 0 ? 2 * count * $1.width * elementType.byteCount : 0) }
  }

  /// The positions there is room for.
  package var capacity: Int { layers.map(\.capacity).min() ?? 0 }

  /// Keys and values of a layer, each [capacity, width].
  package func rows(layer: Int) -> CachedRows {
    CachedRows(keys: keys(layer: layer), values: values(layer: layer))
  }

  /// The memory of all layers.
  var memory: [BufferView] { layers.compactMap(\.view) }

  /// Whether some of its memory stays although nothing is in it.
  var keepsMemory: Bool { layers.contains { $0.memory?.isKept ?? false } }

  /// The same cache with nothing in it: it can be filled again where it was.
  func vacated() -> KeyValueCache {
    var copy = self
    for index in copy.layers.indices { copy.layers[index].allocation = nil }
    return copy
  }

  /// The keys of a layer: [capacity, width].
  package func keys(layer: Int) -> Tensor { tensor(layers[layer], half: 0) }

  /// The values of a layer: [capacity, width].
  package func values(layer: Int) -> Tensor { tensor(layers[layer], half: 1) }

  /// Makes room for `capacity` positions and keeps the first `filled`; the copies are queued on the
  /// compute stream. Layers grow one after the other, so that only one is there twice; after an
  /// error all of them still hold what they held.
  package mutating func grow(to capacity: Int, keeping filled: Int) throws {
    for index in layers.indices where layers[index].capacity < capacity {
      let old = layers[index]
      let new = try roomy(old, capacity: capacity)
      if filled > 0 {
        for half in 0..<2 {
          try context.compute.copy(
            rows(filled, of: old, half: half), to: rows(filled, of: new, half: half))
        }
      }
      layers[index] = new
    }
  }

  /// The same content at the other end of `bridge`; where the cache was there before (`former`, vacated)
  /// if that has the same room. Waits for the copy.
  package func copied(
    over bridge: DeviceBridge, keeping filled: Int, into former: KeyValueCache? = nil
  ) throws -> KeyValueCache {
    var copy = KeyValueCache(
      bridge.target, widths: layers.map(\.width), elementType: elementType)
    var room = try copy.hostMemory(for: layers, over: bridge, former)
    for (index, layer) in layers.enumerated() where layer.capacity > 0 {
      if let memory = room.removeValue(forKey: index) {
        copy.layers[index] = copy.roomy(layer, in: memory)
      } else {
        copy.layers[index] = try copy.roomy(
          layer, capacity: layer.capacity, in: former?.layers[index].memory)
      }
      guard filled > 0 else { continue }
      for half in 0..<2 {
        try bridge.copy(
          rows(filled, of: layer, half: half),
          to: copy.rows(filled, of: copy.layers[index], half: half))
      }
    }
    return copy
  }

  /// Memory of the host for the layers that `former` has none for, by number; none where the bridge leads elsewhere.
  private func hostMemory(
    for layers: [Layer], over bridge: DeviceBridge, _ former: KeyValueCache?
  ) throws -> [Int: HostMemory] {
    let absent = layers.indices.filter { index in
      layers[index].capacity > 0
        && former?.layers[index].memory?.byteCount != byteCount(of: layers[index])
    }
    let memory = try bridge.hostMemory(byteCounts: absent.map { byteCount(of: layers[$0]) })
    return Dictionary(uniqueKeysWithValues: zip(absent, memory ?? []))
  }

  private func byteCount(of layer: Layer) -> Int {
    2 * layer.capacity * layer.width * elementType.byteCount
  }

  private func roomy(_ layer: Layer, in memory: HostMemory) -> Layer {
    switch memory {
    case .pageable(let allocation):
      Layer(width: layer.width, capacity: layer.capacity, allocation: allocation)
    case .pinned(let pin):
      Layer(
        width: layer.width, capacity: layer.capacity, memory: ReturningMemory(pin),
        allocation: pin.allocation)
    }
  }

  /// A layer with room, in `former` memory where that has the size.
  private func roomy(
    _ layer: Layer, capacity: Int, in former: ReturningMemory? = nil
  ) throws -> Layer {
    let byteCount = 2 * capacity * layer.width * elementType.byteCount
    var memory = former
    if memory?.byteCount != byteCount {
      memory = try ReturningMemory(context, byteCount: byteCount)
    }
    return Layer(
      width: layer.width, capacity: capacity, memory: memory, allocation: try memory?.allocate())
  }

  private func tensor(_ layer: Layer, half: Int) -> Tensor {
    Tensor(
      rows(layer.capacity, of: layer, half: half), elementType,
      shape: [layer.capacity, layer.width])
  }

  private func rows(_ count: Int, of layer: Layer, half: Int) -> BufferView {
    guard let view = layer.view else { preconditionFailure("a layer without room") }
    let rowBytes = layer.width * elementType.byteCount
    return view[half * layer.capacity * rowBytes, count: count * rowBytes]
  }
}
