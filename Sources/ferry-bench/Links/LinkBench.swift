import FerryDevices

/// The copy rates of a link, of registered and of plain memory, one way and both ways at once.
struct LinkBench {
  let open: OpenDevice

  init(_ open: OpenDevice) { self.open = open }

  func figures() async throws -> [Figure] {
    try await pinned() + pageable()
  }

  private func pinned() async throws -> [Figure] {
    guard open.backend.pinning != nil else {
      let reason = "the driver of \(open.context.device) registers no host memory"
      return ["raw upload, pinned", "raw download, pinned", "both ways at once, pinned"].map {
        Figure($0, unmeasured: reason, "GB/s", .atLeast)
      }
    }
    let copies = try await RawCopies(open, pinned: true)
    let other = try await RawCopies(open, pinned: true)
    let upload = try copies.upload()
    let download = try copies.download()
    let pieces = try copies.upload(inPiecesOf: 16 << 20)
    let duplex = try copies.duplex(with: other)
    return [
      rate("raw upload, pinned", copies, upload), rate("raw download, pinned", copies, download),
      Figure(
        "upload in pieces of 16 MiB, of one large copy", upload / pieces, "", .atLeast,
        seconds: pieces),
      Figure(
        "both ways at once, pinned", 2 * Double(copies.byteCount) / duplex / 1e9, "GB/s", .atLeast,
        seconds: duplex, note: "the sum of both directions"),
      Figure(
        "both ways at once, of the two one after the other", (upload + download) / duplex, "×",
        .atLeast),
    ]
  }

  private func pageable() async throws -> [Figure] {
    let copies = try await RawCopies(open, pinned: false)
    return [
      rate("raw upload, pageable", copies, try copies.upload()),
      rate("raw download, pageable", copies, try copies.download()),
    ]
  }

  private func rate(_ name: String, _ copies: RawCopies, _ seconds: Double) -> Figure {
    Figure(
      name, Double(copies.byteCount) / seconds / 1e9, "GB/s", .atLeast, seconds: seconds)
  }
}
