import CDrivers
import FerryFormats

/// What cuBLASLt has given out and not got back.
struct DoubleBLAS {
  private enum Object {
    case handle
    case product(BLASProduct)
    case matrix(BLASMatrix)
    case preference(BLASPreference)
  }

  private var objects: [UInt: Object] = [:]

  var count: Int { objects.count }

  mutating func makeHandle() -> OpaquePointer? { add(.handle) }
  mutating func add(_ product: BLASProduct) -> OpaquePointer? { add(.product(product)) }
  mutating func add(_ matrix: BLASMatrix) -> OpaquePointer? { add(.matrix(matrix)) }
  mutating func add(_ preference: BLASPreference) -> OpaquePointer? { add(.preference(preference)) }

  private mutating func add(_ object: Object) -> OpaquePointer? {
    let token = DoubleToken()
    objects[token.rawValue] = object
    return token.pointer
  }

  mutating func remove(_ pointer: OpaquePointer?) throws(BLASFailure) {
    guard objects.removeValue(forKey: UInt(handle: pointer)) != nil else { throw .invalidValue }
  }

  func requireHandle(_ pointer: OpaquePointer?) throws(BLASFailure) {
    guard case .handle = objects[UInt(handle: pointer)] else { throw .notInitialized }
  }

  func matrix(_ pointer: OpaquePointer?) throws(BLASFailure) -> BLASMatrix {
    guard case .matrix(let matrix) = objects[UInt(handle: pointer)] else { throw .invalidValue }
    return matrix
  }

  func product(_ pointer: OpaquePointer?) throws(BLASFailure) -> BLASProduct {
    guard case .product(let product) = objects[UInt(handle: pointer)] else { throw .invalidValue }
    return product
  }

  func preference(_ pointer: OpaquePointer?) throws(BLASFailure) -> BLASPreference {
    guard case .preference(let preference) = objects[UInt(handle: pointer)] else {
      throw .invalidValue
    }
    return preference
  }

  mutating func set(_ pointer: OpaquePointer?, _ product: BLASProduct) {
    objects[UInt(handle: pointer)] = .product(product)
  }

  mutating func set(_ pointer: OpaquePointer?, _ preference: BLASPreference) {
    objects[UInt(handle: pointer)] = .preference(preference)
  }
}

/// `cublasLtMatmulDesc_t`
struct BLASProduct {
  /// `CUBLASLT_MATMUL_DESC_TRANSA`
  var transposesA = false
}

/// `cublasLtMatmulPreference_t`
struct BLASPreference {
  var workspaceBytes: UInt64 = 0
  /// Those of a, b, c and d.
  var alignments: [UInt32] = [256, 256, 256, 256]
}

/// `cublasLtMatrixLayout_t`: column-major.
struct BLASMatrix: Hashable {
  let type: ElementType
  let rows, columns, leading: Int

  /// nil for a type that has no products, or columns that overlap.
  init?(type: Int32, rows: UInt64, columns: UInt64, leading: Int64) {
    let types: [Int32: ElementType] = [0: .f32, 2: .f16, 14: .bf16]
    guard let type = types[type], rows > 0, columns > 0, leading >= Int64(rows) else { return nil }
    self.type = type
    (self.rows, self.columns, self.leading) = (Int(rows), Int(columns), Int(leading))
  }

  var byteCount: Int { ((columns - 1) * leading + rows) * type.byteCount }

  func number(_ row: Int, _ column: Int, in bytes: UnsafeRawBufferPointer) -> Float {
    let offset = (column * leading + row) * type.byteCount
    switch type {
    case .f16: return Float(bytes.loadUnaligned(fromByteOffset: offset, as: Float16.self))
    case .bf16: return Float(bytes.loadUnaligned(fromByteOffset: offset, as: BFloat16.self))
    default: return bytes.loadUnaligned(fromByteOffset: offset, as: Float.self)
    }
  }

  /// Stores a number, rounded once.
  func store(_ value: Float, _ row: Int, _ column: Int, in bytes: UnsafeMutableRawBufferPointer) {
    let offset = (column * leading + row) * type.byteCount
    switch type {
    case .f16: bytes.storeBytes(of: Float16(value), toByteOffset: offset, as: Float16.self)
    case .bf16: bytes.storeBytes(of: BFloat16(value), toByteOffset: offset, as: BFloat16.self)
    default: bytes.storeBytes(of: value, toByteOffset: offset, as: Float.self)
    }
  }
}
