import Testing

@Suite struct PlaceTests {
  @Test func exists() {}
}
