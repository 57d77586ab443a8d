import FerryFormats
import FerryTensors

/// How an image is cut into tiles, each of which is enlarged alone.
///
///     ┌───────────────── reflected border ─┐
///     │  ┌──────────┬──────────┐           │   A tile has pixels of its own, which make up the image,
///     │  │ own      │ own      │           │   and is given `overlap` more on every side, or as many as
///     │  ├──────────┼──────────┤           │   the image with its border has.
///
/// Coordinates are pixels of the image; the border lies outside it.
struct TilePlan: Sendable {
  /// One tile.
  struct Tile: Sendable, Equatable {
    /// Its own pixels.
    let columns: Range<Int>, rows: Range<Int>
    /// The pixels it is given; both counts are multiples of the folding.
    let givenColumns: Range<Int>, givenRows: Range<Int>

    /// How many pixels it is given.
    var pixelCount: Int { givenColumns.count * givenRows.count }
  }

  /// The tiles, row by row.
  let tiles: [Tile]

  /// Pixels that an image is mirrored by at its edges, as Real-ESRGAN does.
  static let border = 10

  /// Cuts an image into tiles of at most `side` by `side` own pixels, and as equal ones as possible.
  init(width: Int, height: Int, side: Int, overlap: Int, folding: Int) {
    let columns = Self.spans(of: width, side, overlap, folding)
    let rows = Self.spans(of: height, side, overlap, folding)
    tiles = rows.flatMap { row in
      columns.map { column in
        Tile(
          columns: column.own, rows: row.own, givenColumns: column.given, givenRows: row.given)
      }
    }
  }

  /// The largest side of a tile that is not given more than `pixels` pixels, at least `least`.
  static func side(pixels: Int, overlap: Int, least: Int) -> Int {
    max(least, Int(Double(max(pixels, 0)).squareRoot()) - 2 * overlap)
  }

  private static func spans(of length: Int, _ side: Int, _ overlap: Int, _ folding: Int)
    -> [(own: Range<Int>, given: Range<Int>)]
  {
    let pieces = length.blocks(of: min(side, length))
    let size = length.blocks(of: pieces).rounded(upTo: folding)
    let border = border.rounded(upTo: folding)
    let end = (length + border).rounded(upTo: folding)
    return stride(from: 0, to: length, by: size).map { start in
      let own = start..<min(start + size, length)
      let last = (own.upperBound + overlap).rounded(upTo: folding)
      return (own, max(start - overlap, -border)..<min(last, end))
    }
  }
}

extension Int {
  /// The place in 0..<count that a coordinate outside shows in a mirror at the first and the last place.
  func reflected(in count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let place = ((self % period) + period) % period
    return Swift.min(place, period - place)
  }
}
