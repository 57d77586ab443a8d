import CPNG

/// Portable Network Graphics through the system's libpng.
package struct PNG: Sendable {
  /// Names under which systems have the library.
  private static let names = ["libpng16.so.16", "libpng.so", "libpng18.so.18", "libpng15.so.15"]
  /// How many bytes a byte of a PNG may stand for: DEFLATE's 1032, of samples that expand to 64 bits from one.
  private static let mostExpansion = 1032 * 64

  /// `@unchecked Sendable`: a table of functions that is written once, before anybody has it.
  private struct Library: @unchecked Sendable { let table: OpaquePointer }

  private let library: Library

  /// The system's library.
  package init() throws(ImageError) {
    try self.init(libraries: Self.names)
  }

  /// The first library of these names that is there.
  init(libraries: [String]) throws(ImageError) {
    var reasons: [String] = []
    for name in libraries {
      var reason = [CChar](repeating: 0, count: 256)
      if let table = ferry_png_load(name, &reason, reason.count) {
        library = Library(table: table)
        return
      }
      reasons.append("\(name): \(Self.text(reason))")
    }
    throw ImageError(
      .unavailable,
      "libpng cannot be loaded; install it (Debian: apt-get install libpng16-16) "
        + "(\(reasons.first ?? "no name was given"))")
  }

  /// Decodes a file's bytes; palettes, fewer than 8 bits and transparent colours are expanded.
  package func decode(_ bytes: UnsafeRawBufferPointer) throws(ImageError) -> Image {
    var reason = [CChar](repeating: 0, count: 256)
    var header = ferry_png_header()
    guard
      ferry_png_read_header(
        library.table, bytes.baseAddress, bytes.count, &header, &reason, reason.count)
    else { throw Self.malformed(reason) }
    let size = try Self.size(of: header, in: bytes.count)
    var isRead = false
    let samples = [UInt8](unsafeUninitializedCapacity: size) { samples, count in
      isRead = ferry_png_read(
        library.table, bytes.baseAddress, bytes.count, samples.baseAddress, size, &reason,
        reason.count)
      count = isRead ? size : 0
    }
    guard isRead else { throw Self.malformed(reason) }
    var image = Image(
      width: Int(header.width), height: Int(header.height), channels: Int(header.channels),
      bitDepth: Int(header.bit_depth), samples: samples)
    image.metadata = PNGChunks.metadata(of: bytes)
    return image
  }

  /// Encodes an image with its metadata; `write` receives the file's bytes in order.
  package func encode(
    _ image: Image, write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var header = ferry_png_header(
      width: UInt32(image.width), height: UInt32(image.height), channels: UInt32(image.channels),
      bit_depth: UInt32(image.bitDepth))
    var reason = [CChar](repeating: 0, count: 256)
    var failure: (any Error)?
    let isWritten = withoutActuallyEscaping(write) { write in
      withUnsafeMutablePointer(to: &failure) { failure in
        let sink = Sink(write: write, failure: failure)
        return withExtendedLifetime(sink) {
          image.metadata.withChunks { chunks in
            ferry_png_write(
              library.table, &header, image.samples, chunks.baseAddress, chunks.count, Sink.take,
              Unmanaged.passUnretained(sink).toOpaque(), &reason, reason.count)
          }
        }
      }
    }
    if let failure { throw failure }
    guard isWritten else {
      throw ImageError(.unwritable, "the picture cannot be encoded: \(Self.text(reason))")
    }
  }

  /// The bytes of the samples; an error where the file is too short to stand for them, before anything is
  /// allocated.
  private static func size(of header: ferry_png_header, in count: Int) throws(ImageError) -> Int {
    let size = try Image.byteCount(
      width: Int(header.width), height: Int(header.height), channels: Int(header.channels),
      bitDepth: Int(header.bit_depth))
    guard size > 0, size / mostExpansion <= count else {
      throw ImageError(
        .malformed,
        "is a PNG of \(header.width) × \(header.height) pixels in \(count) bytes: it is damaged; get it again"
      )
    }
    return size
  }

  private static func malformed(_ reason: [CChar]) -> ImageError {
    ImageError(
      .malformed, "cannot be read as a PNG: \(text(reason)); get it again, or convert it to PNG")
  }

  private static func text(_ reason: [CChar]) -> String {
    String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

extension ImageMetadata {
  /// Calls `body` with the chunks as C structures.
  fileprivate func withChunks<Result>(
    _ body: (UnsafeBufferPointer<ferry_png_chunk>) -> Result
  ) -> Result {
    let data = chunks.flatMap(\.data)
    return data.withUnsafeBufferPointer { data in
      var start = 0
      let parts = chunks.map { chunk in
        var part = ferry_png_chunk()
        withUnsafeMutableBytes(of: &part.type) { $0.copyBytes(from: chunk.type.utf8.prefix(4)) }
        part.data = data.baseAddress.map { $0 + start }
        part.count = chunk.data.count
        start += chunk.data.count
        return part
      }
      return parts.withUnsafeBufferPointer(body)
    }
  }
}

/// Takes encoded bytes from C, and keeps the error of whoever could not take them.
private final class Sink {
  private let write: (UnsafeRawBufferPointer) throws -> Void
  private let failure: UnsafeMutablePointer<(any Error)?>

  init(
    write: @escaping (UnsafeRawBufferPointer) throws -> Void,
    failure: UnsafeMutablePointer<(any Error)?>
  ) {
    self.write = write
    self.failure = failure
  }

  static let take: ferry_png_writer = { context, bytes, count in
    guard let context else { return false }
    let sink = Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
    do {
      try sink.write(UnsafeRawBufferPointer(start: bytes, count: count))
      return true
    } catch {
      sink.failure.pointee = error
      return false
    }
  }
}
