import Foundation
import Testing

@testable import Ferry

@Suite struct WorkflowTimelineTests {
  private static let timeline = WorkflowTimeline(
    models: [.init(name: "a<b", pages: [600, 400]), .init(name: "c", pages: [500])], budget: 1200,
    spans: [
      .init(kind: .arrival, model: 0, start: 0, end: 1, bytes: 1000, stage: ""),
      .init(kind: .wait, model: 0, start: 0, end: 1, bytes: 0, stage: "first & last"),
      .init(kind: .compute, model: 0, start: 1, end: 3, bytes: 0, stage: "first & last"),
      .init(kind: .departure, model: 0, start: 3, end: 3.5, bytes: 400, stage: ""),
      .init(kind: .arrival, model: 1, start: 3.5, end: 4, bytes: 500, stage: ""),
      .init(kind: .wait, model: 1, start: 3, end: 4, bytes: 0, stage: "second"),
      .init(kind: .compute, model: 1, start: 4, end: 6, bytes: 0, stage: "second"),
    ])

  @Test func figures() {
    #expect(Self.timeline.peakBytes == 1100)
    #expect(Self.timeline.seconds == 6)
    #expect(Self.timeline.trace.requests.map(\.seconds) == [2, 2])
    let curve = ResidencyCurve(Self.timeline) { $0 == 0 }
    #expect(curve.points.map(\.bytes) == [0, 0, 1000, 1000, 600, 600])
    #expect(curve.points.map(\.time) == [0, 0, 1, 3.5, 3.5, 6])
    #expect(ResidencyCurve(Self.timeline) { _ in true }.peak == 1100)
  }

  /// A ring takes memory, and what goes through it takes none.
  @Test func ringsHaveTheirMemoryAndTheirBytes() {
    let timeline = WorkflowTimeline(
      models: [.init(name: "a", pages: [500, 500, 500, 500])], budget: 1600,
      spans: [
        .init(kind: .ring, model: 0, start: 0, end: 0.5, bytes: 900, stage: ""),
        .init(kind: .arrival, model: 0, start: 0.5, end: 1, bytes: 500, stage: ""),
        .init(kind: .stream, model: 0, start: 1, end: 4, bytes: 4500, stage: "s"),
        .init(kind: .wait, model: 0, start: 0, end: 0.75, bytes: 0, stage: "s"),
        .init(kind: .overlap, model: 0, start: 0.75, end: 1, bytes: 0, stage: "s"),
        .init(
          kind: .compute, model: 0, start: 1, end: 4, bytes: 0, stage: "s", passes: 3, waited: 2),
        .init(kind: .departure, model: 0, start: 4, end: 4, bytes: 1400, stage: ""),
      ])
    #expect(timeline.peakBytes == 1400)
    #expect(timeline.trace.requests == [.init(model: 0, seconds: 1, passes: 3)])
    #expect(ResidencyCurve(timeline) { _ in true }.points.map(\.bytes).max() == 1400)
    let svg = timeline.svg
    for kind in ["stream", "overlap", "wait", "compute", "arrival"] {
      #expect(svg.split(separator: "<rect class=\"\(kind)\"").count == 1 + 2, "\(kind)")
    }
    #expect(svg.contains("<title>s, 4.5 kB</title>"))
  }

  /// Caches are beside the budget: they have a lane of their own, and what else is told stays what it was.
  @Test func cachesHaveALaneWhereThereAreSome() throws {
    let timeline = WorkflowTimeline(
      models: Self.timeline.models, budget: Self.timeline.budget,
      spans: Self.timeline.spans + [
        .init(kind: .writeBack, model: 0, start: 3.5, end: 3.75, bytes: 120, stage: ""),
        .init(kind: .bringBack, model: 0, start: 5, end: 5.5, bytes: 110, stage: ""),
      ])
    #expect(timeline.peakBytes == Self.timeline.peakBytes && timeline.trace == Self.timeline.trace)
    let (with, without) = (timeline.svg, Self.timeline.svg)
    for (kind, count) in [("writeBack", 2), ("bringBack", 1)] {
      #expect(with.split(separator: "<rect class=\"\(kind)\"").count == 1 + count, "\(kind)")
      #expect(!without.contains("<rect class=\"\(kind)\""))
    }
    #expect(with.contains("<title>to the host, 120 B</title>"))
    #expect(with.contains("<title>from the host, 110 B</title>"))
    // Every bar below the lanes of what comes, waits and computes; what is drawn above stays.
    #expect(with.contains("y=\"149\"") && !without.contains("y=\"149\""))
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(timeline.traceDocument.utf8)) as? [String: Any])
    let caches = try #require(document["caches"] as? [[Any]])
    #expect(caches.map { $0[0] as? String } == ["a<b", "a<b"])
    #expect(caches.map { $0[1] as? String } == ["out", "in"])
    #expect(caches.map { $0[2] as? Int } == [120, 110])
    #expect(caches.map { $0[3] as? Double } == [3.5, 5] && caches[0][4] as? Double == 0.25)
    #expect(!Self.timeline.traceDocument.contains("caches"))
  }

  @Test func theSameTimelineIsTheSamePicture() {
    let svg = Self.timeline.svg
    #expect(svg == Self.timeline.svg)
    #expect(svg.hasPrefix("<svg xmlns") && svg.hasSuffix("</svg>\n"))
    // Whatever has a colour has one in the dark, too.
    let styles = svg.components(separatedBy: "@media (prefers-color-scheme: dark) {")
    #expect(styles.count == 2)
    for name in [
      "ground", "dim", "line", "resident", "arrival", "stream", "wait", "overlap", "compute",
    ] {
      #expect(styles.allSatisfy { $0.contains(".\(name)") }, "\(name)")
    }
    #expect(svg.contains("a&lt;b") && svg.contains("first &amp; last") && !svg.contains("a<b"))
    // A model's row and that of all: an area each; every span of time a bar.
    #expect(svg.split(separator: "<polygon").count == 1 + 3)
    for (kind, count) in [("arrival", 2), ("wait", 2), ("compute", 2)] {
      #expect(svg.split(separator: "<rect class=\"\(kind)\"").count == 1 + 1 + count, "\(kind)")
    }
    // From 0 to 6 seconds between 150 and 940: the model computes from 1 to 3.
    #expect(svg.contains("<rect class=\"compute\" x=\"281.67\""))
    #expect(svg.contains(">3 s</text>"))
  }

  @Test(arguments: [
    (1.0, 0.1), (6, 1), (0.35, 0.05), (99, 10), (101, 20), (0.000_02, 0.000_002),
  ])
  func marksAreRoundNumbers(seconds: Double, step: Double) {
    let found = TimelinePicture.step(for: seconds)
    #expect(abs(found - step) < step / 1000)
    #expect(seconds / found <= 10.001 && seconds / found > 3)
  }
}
