import FoundationEssentials
import Testing

@testable import ferry_bench

/// Many cells in few lines, in the README and in a picture.
@Suite struct SummaryTests {
  private static let comparison = {
    let names = ["NF4 1×1, M = 1", "NF4 1×1, M = 16"].map { "linear \($0)" }
    let figures =
      names.map { Figure($0, 1, "of its roof", .atLeast, seconds: 2) } + [
        Figure("quantize NF4 1×1 f32, of copy bandwidth", 0.6, "", .atLeast, 0.5, seconds: 1),
        Figure("quantize FP4 1×1 f32, of copy bandwidth", 0.4, "", .atLeast, 0.5, seconds: 1),
        Figure("ferry --help", 0.01, "s", .atMost, 0.05),
        Figure("read bandwidth", 40, "GB/s", .atLeast),
      ]
    let entries = zip(names, [6.0, 1]).map { name, seconds in
      PeerReport.Entry(
        name: name, peer: "bitsandbytes 0.50", seconds: seconds, value: nil, unit: "", note: nil)
    }
    return Comparison(
      [Report(title: "Host", device: nil, figures: figures)],
      [PeerReport(device: "cpu", entries: entries, missing: ["everything of ncnn"])])
  }()

  @Test func cellsOfOnePromiseAreOneLine() throws {
    let lines = Summary(Self.comparison).lines
    #expect(lines.count == 3)
    let layers = lines[0]
    #expect(layers.range == 0.5...3)
    #expect((layers.metCount, layers.count) == (1, 2))
    #expect(layers.worst == "linear NF4 1×1, M = 16")
    #expect(layers.row.contains("≥ 1 × bitsandbytes 0.50 | 0.5 … 3 × | **missed**, 1 of 2 met"))
    #expect(
      lines[1].row == "| quantize, of copy bandwidth | ≥ 0.5 | 0.4 … 0.6 | **missed**, "
        + "1 of 2 met; worst: quantize FP4 1×1 f32, of copy bandwidth |\n")
    #expect(lines[2].row == "| ferry --help | ≤ 0.05 s | 0.01 s | met |\n")
  }

  @Test func aReadmeHoldsWhatItsResultGives() throws {
    let text = ReadmeSection.text(Self.comparison, path: "Benchmarks/Results/a.json")
    let document = "before\n\(ReadmeSection.begin)\nold\n\(ReadmeSection.end)\nafter\n"
    let replaced = try #require(ReadmeSection.replacing(in: document, with: text))
    #expect(replaced.hasPrefix("before\n") && replaced.hasSuffix("\nafter\n"))
    #expect(!replaced.contains("old") && replaced.contains("| ferry --help |"))
    #expect(ReadmeSection.replacing(in: replaced, with: text) == replaced)
    #expect(ReadmeSection.source(in: replaced) == "Benchmarks/Results/a.json")
    #expect(ReadmeSection.replacing(in: "no marks", with: text) == nil)
  }

  @Test func thePictureHasABarForEveryPromise() {
    let svg = Chart(Self.comparison).svg
    #expect(svg.components(separatedBy: "<rect class=\"m").count == 1 + 1)
    #expect(svg.contains("class=\"missed\"") && svg.contains("prefers-color-scheme:dark"))
  }

  @Test func theScaleIsLogarithmic() {
    let scale = LogarithmicScale([0.4, 30], from: 0, to: 100)
    #expect(scale.ticks == [0.2, 0.5, 1, 2, 5, 10, 20, 50])
    #expect(scale.place(0.2) == 0 && scale.place(50) == 100)
    #expect((scale.place(10) - scale.place(5) - scale.place(2) + scale.place(1)).magnitude < 1e-9)
    #expect(scale.place(1000) == 100)
  }

  @Test func whatOneSideHasNotMeasuredIsSaid() {
    #expect(Self.comparison.missing == ["not measured by a peer: everything of ncnn"])
    let entry = PeerReport.Entry(
      name: "decode", peer: "llama.cpp", seconds: nil, value: 1, unit: "", note: nil)
    let other = Comparison([], [PeerReport(device: "cpu", entries: [entry], missing: [])])
    #expect(other.missing == ["not measured by Ferry: decode"])
  }
}
