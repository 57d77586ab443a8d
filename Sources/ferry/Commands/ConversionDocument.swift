import Ferry

/// What quantize, dequantize and convert report.
struct ConversionDocument: Encodable {
  let destination: String
  let quantized, kept: [String]
  let bytesIn, bytesOut: Int

  static func show(_ report: ConversionReport, verb: String, with output: OutputOptions) throws {
    let document = ConversionDocument(
      destination: report.destination, quantized: report.converted, kept: report.kept,
      bytesIn: report.bytesIn, bytesOut: report.bytesOut)
    let ratio = Double(report.bytesIn) / Double(max(1, report.bytesOut))
    let kept = report.kept.count == 1 ? "1 as it was" : "\(report.kept.count) as they were"
    try output.show(document) {
      """
      \(report.destination): \(verb) \(report.converted.count.counted("weight")), kept \(kept)
      \(report.bytesIn.spelledAsBytes) → \(report.bytesOut.spelledAsBytes) (\(ratio.spelled(digits: 2)) : 1)

      """
    }
  }
}
