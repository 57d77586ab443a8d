import Ferry

/// What quantize, dequantize and convert report.
struct ConversionDocument: Encodable {
  let destination: String
  let quantized, kept: [String]
  /// Files and folders of the source that are no part of the result.
  let leftOut: [String]
  let bytesIn, bytesOut: Int

  static func show(_ report: ConversionReport, verb: String, with output: OutputOptions) throws {
    let document = ConversionDocument(
      destination: report.destination, quantized: report.converted, kept: report.kept,
      leftOut: report.leftOut,
      bytesIn: report.bytesIn, bytesOut: report.bytesOut)
    let ratio = Double(report.bytesIn) / Double(max(1, report.bytesOut))
    let keptWeights = report.kept.count == 1 ? "1 as it was" : "\(report.kept.count) as they were"
    // What only gets another container has nothing that is quantized or decoded.
    let done =
      report.converted.isEmpty
      ? "\(verb) \(report.kept.count.counted("weight"))"
      : "\(verb) \(report.converted.count.counted("weight")), kept \(keptWeights)"
    try output.show(document) {
      """
      \(report.destination): \(done)
      \(report.bytesIn.spelledAsBytes) → \(report.bytesOut.spelledAsBytes) (\(ratio.spelled(digits: 2)) : 1)
      \(leftOut(report))
      """
    }
  }

  /// A line on what was not copied, if anything was not.
  private static func leftOut(_ report: ConversionReport) -> String {
    guard !report.leftOut.isEmpty else { return "" }
    let shown = report.leftOut.prefix(5).map(\.printable).joined(separator: ", ")
    let more = report.leftOut.count > 5 ? " and \(report.leftOut.count - 5) more" : ""
    return "not copied: \(shown)\(more)\n"
  }
}
