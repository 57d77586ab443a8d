import FerryDeviceTesting
import FerryDevices
import FerryFormats
import FerryTensors
import Testing

@testable import FerryOperations

/// What decides how layers of many rows are computed.
@Suite struct ManyRowsPlanTests {
  private static let nf4 = WeightFormat.fourBit(FourBitFormat(.nf4))

  private func plan(
    _ rows: Int, _ columns: Int, _ format: WeightFormat, _ input: ElementType = .bf16,
    outputs: Int = 4096, isAligned: Bool = true
  ) -> ManyRowsPlan? {
    ManyRowsPlan(
      ManyRowsLayer(
        rows: rows, columns: columns, outputs: outputs, format: format, input: input,
        isAligned: isAligned))
  }

  @Test func codesAreDecodedInTilesUntilDecodingOncePays() {
    #expect(plan(16, 4096, Self.nf4) == nil)
    #expect(plan(17, 4096, Self.nf4) == .coded)
    #expect(plan(512, 4096, Self.nf4) == .coded)
    #expect(plan(513, 4096, Self.nf4) == .dequantized)
    #expect(plan(64, 4096, .int8Rows) == .coded)
    #expect(plan(4096, 8192, Self.nf4, outputs: 128_256) == .coded)
  }

  @Test func whatTilesDoNotDecodeIsDecodedOnce() {
    let small = WeightFormat.fourBit(FourBitFormat(.nf4, blockSize: 32))
    #expect(plan(64, 4096, small) == .dequantized)
    #expect(plan(64, 4096, .dynamic8(blockSize: 50)) == .dequantized)
    #expect(plan(64, 96, Self.nf4) == .dequantized)
    #expect(plan(64, 8192, small, outputs: 128_256) == nil)
  }

  @Test func plainWeightsHaveTheActivationsType() {
    #expect(plan(64, 4096, .plain(.bf16)) == .plain)
    #expect(plan(64, 4096, .plain(.f16)) == nil)
    #expect(plan(64, 4096, .plain(.f32)) == nil)
  }

  @Test func otherLayersAreNotForMatrixUnits() {
    #expect(plan(64, 4096, Self.nf4, .f32) == nil)
    #expect(plan(64, 4096, Self.nf4, isAligned: false) == nil)
    #expect(plan(64, 40, .plain(.bf16)) == nil)
    #expect(plan(64, 0, Self.nf4) == nil)
  }

  @Test func smallGroupsKeepProcessorsBusy() {
    func layer(_ rows: Int, _ outputs: Int) -> ManyRowsLayer {
      ManyRowsLayer(rows: rows, columns: 4096, outputs: outputs, format: Self.nf4, input: .bf16)
    }
    #expect(TileShape.coded(layer(32, 4096), processors: 132) == .codedFew)
    #expect(TileShape.coded(layer(64, 4096), processors: 132) == .codedNarrow)
    #expect(TileShape.coded(layer(512, 4096), processors: 132) == .codedWide)
    #expect(TileShape.matrix(layer(128, 4096), processors: 132) == .matrixNarrow)
    #expect(TileShape.matrix(layer(2048, 4096), processors: 132) == .matrixWide)
    #expect(TileShape.codedWide.groups(layer(65, 129)) == GridSize(2, 2))
  }

  /// Images are made of programs that the product asks for, and of no others.
  @Test func everyShapeHasImages() {
    for product in ["f16", "bf16"] {
      for shape in [TileShape.codedFew, .codedNarrow, .codedWide] {
        for bits in [4, 8] {
          let defines = shape.codedDefines(bits: bits, product: product)
          #expect(hasImage(.codedTiles, defines))
        }
      }
      for shape in [TileShape.matrixNarrow, .matrixWide] {
        #expect(hasImage(.matrixTiles, shape.matrixDefines(product: product)))
        let codes = shape.matrixDefines(product: "s8").merging(["INPUT": product]) { $1 }
        #expect(hasImage(.int8Tiles, codes))
      }
      for format in ["nf4", "nf4_nested", "fp4", "fp4_nested", "int8_rows"] {
        #expect(hasImage(.dequantize, ["FORMAT": format, "OUTPUT": product]))
      }
    }
  }

  private func hasImage(_ kernel: OperationKernel, _ defines: [String: String]) -> Bool {
    KernelLibrary(ImagesOnlyBackend(HostBackend())).offers(kernel, defines)
  }
}

/// Layers that the vendor's library multiplies.
@Suite(.enabled(if: TestDevices.openCLAbsence == nil, "needs an OpenCL device"))
struct VendorProductsTests {
  /// 520 rows are decoded once and multiplied by the vendor; a bias, and types it does not take, by tiles.
  @Test func multipliesDecodedWeights() throws {
    let device = try #require(TestDevices.available.first { $0.backend == .opencl })
    let backend = MultiplyingBackend(try TestDevices.backend(of: device))
    let check = try #require(OperationConformance.decodedOnceChecks.first)
    try check.run(on: backend) {
      KernelOperations(context: $0, threads: 1, usesMatrixUnits: true)
    }
    #expect(backend.products.count == 3)
  }
}
