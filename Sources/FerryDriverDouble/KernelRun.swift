import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

/// A kernel that does what no kernel should.
struct KernelFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// A launch as it runs: hands out the arguments in their order.
final class KernelRun {
  let launch: KernelLaunch
  let state: DriverState
  let context: DoubleContext
  private var next = 0

  init(_ launch: KernelLaunch, _ state: DriverState, _ context: DoubleContext) {
    self.launch = launch
    self.state = state
    self.context = context
  }

  var groups: GridSize { launch.grid.groups }
  var groupSize: GridSize { launch.grid.groupSize }

  /// Operations on the pages behind device memory.
  static let reference: ReferenceOperations? = {
    guard let context = try? DeviceContext(HostBackend()) else { return nil }
    return ReferenceOperations(context: context)
  }()

  func operations() throws -> ReferenceOperations {
    guard let reference = Self.reference else { throw KernelFault("the host has no context") }
    return reference
  }

  // MARK: Arguments

  private func take() throws -> KernelArguments.Value {
    guard next < launch.arguments.values.count else { throw KernelFault("too few parameters") }
    defer { next += 1 }
    return launch.arguments.values[next]
  }

  func buffer() throws -> KernelBuffer {
    guard case .buffer(let address) = try take() else { throw KernelFault("no buffer there") }
    return KernelBuffer(address: address, run: self)
  }

  /// A `uint` or a `ulong`.
  func count() throws -> Int {
    switch try take() {
    case .uint32(let value): return Int(value)
    case .uint64(let value): return Int(clamping: value)
    default: throw KernelFault("no count there")
    }
  }

  /// POSITION of the dialect: what the word says now, or the number.
  func position() throws -> Int {
    let (word, inMemory, number) = (try buffer(), try count(), try count())
    return inMemory == 0 ? number : Int(try word.elements(1, of: UInt32.self)[0])
  }

  func int() throws -> Int32 {
    guard case .int32(let value) = try take() else { throw KernelFault("no int there") }
    return value
  }

  func float() throws -> Float {
    guard case .float(let value) = try take() else { throw KernelFault("no float there") }
    return value
  }

  // MARK: Defines

  func define(_ name: String) throws -> String {
    guard let value = launch.defines[name] else { throw KernelFault("\(name) is not defined") }
    return value
  }

  func number(_ name: String) throws -> Int {
    let digits = try define(name).filter { $0 != "u" }
    guard let value = Int(digits) else { throw KernelFault("\(name) is no number") }
    return value
  }

  func type(_ name: String) throws -> ElementType {
    let value = try define(name)
    guard let type = ElementType(rawValue: value), [.f32, .f16, .bf16].contains(type) else {
      throw KernelFault("\(name) is \(value), which is no type of activations")
    }
    return type
  }

  /// A type that an argument names by its number in the dialect; nil for an absent operand.
  func optionalType() throws -> ElementType? {
    let types: [ElementType?] = [nil, .f32, .f16, .bf16]
    let number = try count()
    guard types.indices.contains(number) else { throw KernelFault("no type of number \(number)") }
    return types[number]
  }

  func activationType() throws -> ElementType {
    guard let type = try optionalType() else { throw KernelFault("an operand has no type") }
    return type
  }

  // MARK: The grid

  func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    if !condition { throw KernelFault(what()) }
  }

  /// Whether the grid has a thread for each of `count` elements numbered by FLAT_INDEX.
  func requireFlat(_ count: Int) throws {
    let width = groups.x * groupSize.x
    try require(
      groups.y == 1 ? width >= count : width >= 1 << 20 && (groups.y - 1) << 20 + width >= count,
      "the grid \(groups) of \(groupSize) leaves out some of \(count) elements")
  }
}

/// Device memory from an address on.
struct KernelBuffer {
  let address: DeviceAddress
  let run: KernelRun

  /// The pages behind the next bytes, which the kernel may use.
  func bytes(_ count: Int) throws -> UnsafeMutableRawBufferPointer {
    try run.state.bytes(
      DeviceRange(address, count: count), for: run.context, "kernel \(run.launch.kernel.name)")
  }

  func view(_ count: Int) throws -> BufferView {
    let bytes = try bytes(count)
    return BufferView(
      device: .cpu, owner: LentPages(),
      handle: DeviceHandle(rawValue: UInt(bitPattern: bytes.baseAddress)), offset: 0,
      byteCount: count)
  }

  func tensor(_ type: ElementType, _ shape: [Int]) throws -> Tensor {
    Tensor(try view(shape.reduce(type.byteCount, *)), type, shape: shape)
  }

  /// Elements of a plain type, aligned as the kernel reads them.
  func elements<Value: BitwiseCopyable>(
    _ count: Int, of type: Value.Type
  ) throws -> UnsafeMutableBufferPointer<Value> {
    let bytes = try bytes(count * MemoryLayout<Value>.stride)
    try run.require(
      UInt(bitPattern: bytes.baseAddress) % UInt(MemoryLayout<Value>.alignment) == 0,
      "a buffer of \(type) is not aligned")
    return bytes.bindMemory(to: type)
  }

  /// Numbers of an activation type as f32.
  func floats(_ count: Int, _ type: ElementType) throws -> [Float] {
    switch type {
    case .f16: return try elements(count, of: Float16.self).map { Float($0) }
    case .bf16: return try elements(count, of: BFloat16.self).map { Float($0) }
    default: return Array(try elements(count, of: Float.self))
    }
  }

  /// Stores numbers, each rounded once.
  func store(_ values: [Float], as type: ElementType) throws {
    switch type {
    case .f16:
      _ = try elements(values.count, of: Float16.self).update(from: values.map { Float16($0) })
    case .bf16:
      _ = try elements(values.count, of: BFloat16.self).update(from: values.map { BFloat16($0) })
    default: _ = try elements(values.count, of: Float.self).update(from: values)
    }
  }
}

/// The double's pages outlive every kernel that runs.
private final class LentPages: MemoryOwner {}
