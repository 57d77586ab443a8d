import FerryDeviceTesting
import FerryDevices
import FerryFormats
import Testing

@testable import FerryOperations

/// What decides how an attention is computed.
@Suite struct AttentionPlanTests {
  private func plan(
    _ rows: Int, heads: Int = 32, keyHeads: Int = 8, headSize: Int = 128, capacity: Int = 8192,
    window: Int? = nil, _ type: ElementType? = .bf16, isAligned: Bool = true
  ) -> AttentionPlan? {
    let shape = AttentionShape(
      heads: heads, keyValueHeads: keyHeads, headSize: headSize, scale: 1, window: window)
    return AttentionPlan(
      AttentionLayer(rows: rows, shape, capacity: capacity, type: type, isAligned: isAligned),
      processors: 132)
  }

  @Test func manyRowsAreTilesOfQueriesOfAllHeadsThatShareKeys() {
    #expect(plan(512)?.groups == GridSize(32, 8))
    #expect(plan(512)?.threads == 128)
    #expect(plan(512, keyHeads: 32)?.groups == GridSize(8, 32))
    #expect(plan(1_000_000)?.groups == GridSize(62_500, 8))
  }

  @Test func fewRowsTakeRangesOfKeysThatKeepProcessorsBusy() {
    #expect(plan(1)?.groups == GridSize(1, 8, 32))
    #expect(plan(1)?.threads == 32)
    #expect(plan(1, capacity: 131_072)?.groups == GridSize(1, 8, 66))
    #expect(plan(1, keyHeads: 32, capacity: 131_072)?.groups == GridSize(1, 32, 16))
    #expect(plan(32)?.groups == GridSize(2, 8, 24))
    #expect(plan(32)?.threads == 128)
  }

  @Test func shortCachesAndWindowsAreOneRange() {
    #expect(plan(1, capacity: 511)?.groups == GridSize(1, 8))
    #expect(plan(1, capacity: 512)?.groups == GridSize(1, 8, 2))
    #expect(plan(1, window: 300)?.isSplit == false)
    #expect(plan(1, window: 4096)?.groups == GridSize(1, 8, 16))
  }

  @Test func otherAttentionsAreNotForMatrixUnits() {
    #expect(plan(1, headSize: 72) == nil)
    #expect(plan(1, .f32) == nil)
    #expect(plan(1, nil) == nil)
    #expect(plan(1, isAligned: false) == nil)
    #expect(plan(1 << 27) == nil)
  }

  /// Tiles of keys and of values fit local memory, and threads share their pieces evenly.
  @Test(arguments: AttentionPlan.headSizes) func tilesFit(_ headSize: Int) throws {
    for rows in [1, 32, 512] {
      let plan = try #require(self.plan(rows, headSize: headSize))
      let keys = try #require(plan.defines["KEYS"].flatMap { Int($0) })
      #expect(4 * keys * (headSize + 8) * 2 <= 48 << 10)
      #expect(keys * headSize / 8 % plan.threads == 0)
    }
  }

  /// Images are made of programs that the product asks for.
  @Test(arguments: AttentionPlan.headSizes) func everyPlanHasImages(_ headSize: Int) throws {
    let library = KernelLibrary(ImagesOnlyBackend(HostBackend()))
    for type in [ElementType.f16, .bf16] {
      for rows in [1, 32, 512] {
        let plan = try #require(self.plan(rows, headSize: headSize, type))
        #expect(library.offers(.attentionTiles, plan.defines))
        #expect(!plan.isSplit || library.offers(.attentionMerge, plan.defines))
      }
    }
  }
}
