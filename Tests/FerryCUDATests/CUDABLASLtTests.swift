import FerryCUDA
import FerryDeviceTesting
import FerryDevices
import FerryDriverDouble
import FerryFormats
import FerryOperations
import Testing

extension OnTheDouble {
  /// Products by a cuBLASLt over the double.
  @Suite struct CUDABLASLtTests {
    @Test(arguments: [ProductShape.Element.f16, .bf16], [false, true])
    func productsAreThoseOfTheDefinition(_ type: ProductShape.Element, _ isWide: Bool) throws {
      try withBLAS { bench in
        for (m, n, k) in [(5, 7, 32), (1, 1, 1), (17, 3, 8)] {
          let product = try bench.product(m, n, k, type, isWide ? .f32 : type)
          try bench.multiply(product)
          #expect(try bench.result(product) == product.expected)
        }
      }
    }

    @Test func aWayIsFoundOnceAndAWorkspaceMadeForEachStream() throws {
      try withBLAS { bench in
        let product = try bench.product(5, 7, 32)
        let before = DriverDouble.calls(of: .memAlloc)
        for stream in [bench.context.compute, bench.context.upload, bench.context.compute] {
          try bench.multiply(product, on: stream)
          try stream.synchronize()
        }
        #expect(DriverDouble.calls(of: .memAlloc) == before + 2)
        #expect(DriverDouble.calls(of: .matmulAlgoGetHeuristic) == 1)
        #expect(DriverDouble.calls(of: .matmul) == 3)
        #expect(DriverDouble.calls(of: .create) == 1)
      }
    }

    /// A way that was found for aligned operands is not taken for others.
    @Test func operandsThatLieOtherwiseHaveAWayOfTheirOwn() throws {
      try withBLAS { bench in
        for offset in [0, 2, 16, 256, 0, 2] {
          let product = try bench.product(5, 7, 32, offset: offset)
          try bench.multiply(product)
          #expect(try bench.result(product) == product.expected, "\(offset)")
        }
        #expect(DriverDouble.calls(of: .matmulAlgoGetHeuristic) == 3)
      }
    }

    @Test(arguments: [BLASEntryPoint.matmulAlgoGetHeuristic, .matmul])
    func whatTheLibraryFailsAtItIsNotAskedAgain(_ entry: BLASEntryPoint) throws {
      try withBLAS { bench in
        let (failing, other) = (try bench.product(5, 7, 32), try bench.product(5, 8, 32))
        DriverDouble.change { $0.fail(entry, with: 15) }
        for _ in 0..<2 { #expect(bench.isUnavailable(failing)) }
        #expect(DriverDouble.calls(of: entry) == 1)
        try bench.multiply(other)
        #expect(try bench.result(other) == other.expected)
        #expect(bench.isUnavailable(failing))
      }
    }

    @Test func aLibraryThatDoesNotStartIsNotAskedAgain() throws {
      try withBLAS { bench in
        let product = try bench.product(5, 7, 32)
        DriverDouble.change { $0.fail(.create, with: 1) }
        for _ in 0..<2 { #expect(bench.isUnavailable(product)) }
        #expect(DriverDouble.calls(of: .create) == 1)
      }
    }

    @Test func noOtherTypesAreMultiplied() throws {
      try withBLAS { bench in
        let products = [
          try bench.product(5, 7, 32, .f32, .f32), try bench.product(5, 7, 32, .f16, .bf16),
        ]
        for product in products { #expect(bench.isUnavailable(product)) }
        #expect(DriverDouble.calls(of: .matrixLayoutCreate) == 0)
      }
    }

    @Test func aDeviceWithoutRoomForAWorkspaceHasNoWayYet() throws {
      try withBLAS { bench in
        let product = try bench.product(5, 7, 32)
        DriverDouble.change { $0.fail(.memAlloc, with: 2) }
        #expect(bench.isUnavailable(product))
        try bench.multiply(product)
        #expect(try bench.result(product) == product.expected)
      }
    }

    @Test func whatIsPreparedIsRecordedAndNothingElse() throws {
      try withBLAS { bench in
        let (known, unknown) = (try bench.product(5, 7, 32), try bench.product(5, 8, 32))
        try bench.multiply(known)
        let recording = try #require(bench.context.compute.recording)
        try recording.beginRecording()
        try bench.multiply(known)
        #expect(bench.isUnavailable(unknown))
        let graph = try recording.endRecording()
        for _ in 0..<2 {
          try bench.context.compute.fill(known.c, with: 0)
          try recording.launch(graph)
          #expect(try bench.result(known) == known.expected)
        }
        try bench.multiply(unknown)
        #expect(try bench.result(unknown) == unknown.expected)
      }
    }

    @Test func aLostDeviceIsNoFailureOfTheLibrary() throws {
      try withBLAS { bench in
        let product = try bench.product(5, 7, 32)
        DriverDouble.change { $0.failWork(on: 0, with: 719) }
        try bench.multiply(product)
        #expect(throws: DeviceError.self) { try bench.context.compute.synchronize() }
        let error = #expect(throws: DeviceError.self) { try bench.multiply(product) }
        #expect(error?.code == .deviceLost)
      }
    }

    /// A failing call costs this product its way and nothing else.
    @Test func everyCallMayFail() throws {
      for entry in BLASEntryPoint.allCases {
        for number in 1...6 {
          try withBLAS { bench in
            let (one, other) = (try bench.product(5, 7, 32), try bench.product(5, 8, 32))
            DriverDouble.change { $0.fail(entry, at: number, with: 14) }
            for product in [one, other, one, other] where !bench.isUnavailable(product) {
              #expect(try bench.result(product) == product.expected, "call \(number) of \(entry)")
            }
          }
        }
      }
    }

    /// Layers of plain weights, and of such as are decoded once.
    @Test(
      arguments: OperationConformance.manyRowsChecks.prefix(2)
        + OperationConformance.decodedOnceChecks)
    func layersAreMultiplied(_ check: OperationCheck) throws {
      try OnTheDouble.run {
        try check.run(on: DoubleDevices.first(withBLAS: true)) {
          try KernelOperations(context: $0)
        }
        #expect(DriverDouble.calls(of: .matmul) > 0)
      }
    }

    /// Layers whose library fails are computed by our own kernels.
    @Test(arguments: [BLASEntryPoint.create, .matmulAlgoGetHeuristic, .matmul])
    func layersDoWithoutTheLibrary(_ entry: BLASEntryPoint) throws {
      try OnTheDouble.run {
        let check = try #require(OperationConformance.decodedOnceChecks.first)
        DriverDouble.change { $0.fail(entry, with: 14) }
        try check.run(on: DoubleDevices.first(withBLAS: true)) {
          try KernelOperations(context: $0)
        }
        #expect(DriverDouble.calls(of: entry) > 0)
        #expect(DriverDouble.change { $0.failuresArePending } == false)
      }
    }

    private func withBLAS(_ body: (ProductBench) throws -> Void) throws {
      try OnTheDouble.run {
        let backend = try DoubleDevices.first(withBLAS: true)
        try body(
          ProductBench(
            context: try DeviceContext(backend),
            products: try #require(backend.vendorProducts)))
      }
    }
  }
}

/// Products on a device, and what they should be.
struct ProductBench {
  let context: DeviceContext
  let products: any VendorProducts

  /// A product whose operands are on the device.
  struct Product {
    let shape: ProductShape
    let a, b, c: BufferView
    let expected: [Float]
  }

  /// Operands of small whole halves: every sum is exact in f32, and rounded once to the output's type.
  func product(
    _ m: Int, _ n: Int, _ k: Int, _ input: ProductShape.Element = .f16,
    _ output: ProductShape.Element = .f16, offset: Int = 0
  ) throws -> Product {
    let a = (0..<m * k).map { Float($0 * 7 % 13 - 6) / 2 }
    let b = (0..<n * k).map { Float($0 * 5 % 11 - 5) / 2 }
    let sums = (0..<m * n).map { index in
      (0..<k).reduce(Float(0)) { $0 + a[index / n * k + $1] * b[index % n * k + $1] }
    }
    return Product(
      shape: ProductShape(m: m, n: n, k: k, input: input, output: output),
      a: try upload(input.bytes(of: a), at: offset),
      b: try TestBytes.upload(input.bytes(of: b), to: context).view,
      c: try context.allocate(byteCount: output.bytes(of: sums).count).view,
      expected: output.numbers(in: output.bytes(of: sums)))
  }

  /// Bytes on the device, so far into an allocation.
  private func upload(_ bytes: [UInt8], at offset: Int) throws -> BufferView {
    let padded = [UInt8](repeating: 0, count: offset) + bytes
    return try TestBytes.upload(padded, to: context).view[offset, count: bytes.count]
  }

  func multiply(_ product: Product, on stream: (any DeviceStream)? = nil) throws(DeviceError) {
    try products.multiply(
      product.a, product.b, into: product.c, shape: product.shape, on: stream ?? context.compute)
  }

  /// Multiplies; whether the library had no way.
  func isUnavailable(_ product: Product) -> Bool {
    do throws(DeviceError) {
      try multiply(product)
      return false
    } catch {
      #expect(error.code == .unavailable)
      return true
    }
  }

  func result(_ product: Product) throws -> [Float] {
    product.shape.output.numbers(in: try TestBytes.read(product.c, in: context))
  }
}

extension ProductShape.Element {
  fileprivate func bytes(of numbers: [Float]) -> [UInt8] {
    switch self {
    case .f16: numbers.flatMap { withUnsafeBytes(of: Float16($0)) { Array($0) } }
    case .bf16: numbers.flatMap { withUnsafeBytes(of: BFloat16($0)) { Array($0) } }
    case .f32: numbers.flatMap { withUnsafeBytes(of: $0) { Array($0) } }
    }
  }

  fileprivate func numbers(in bytes: [UInt8]) -> [Float] {
    bytes.withUnsafeBytes { bytes in
      switch self {
      case .f16: bytes.bindMemory(to: Float16.self).map { Float($0) }
      case .bf16: bytes.bindMemory(to: BFloat16.self).map { Float($0) }
      case .f32: Array(bytes.bindMemory(to: Float.self))
      }
    }
  }
}
