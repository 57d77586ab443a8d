import FerryImages

extension Image {
  /// What a network is given of a tile: f32 [3 · folding², height / folding, width / folding], mirrored at
  /// the edges of the image.
  func folded(_ tile: TilePlan.Tile, by folding: Int) -> [Float] {
    let (columns, rows) = (tile.givenColumns, tile.givenRows)
    let (width, height) = (columns.count / folding, rows.count / folding)
    var values = [Float](repeating: 0, count: 3 * columns.count * rows.count)
    let places = columns.map { $0.reflected(in: self.width) }
    for (row, y) in rows.enumerated() {
      let line = y.reflected(in: self.height)
      for (column, place) in places.enumerated() {
        for color in 0..<3 {
          let fold = (color * folding + row % folding) * folding + column % folding
          let index = (fold * height + row / folding) * width + column / folding
          values[index] = self.color(color, x: place, y: line)
        }
      }
    }
    return values
  }
}

/// A larger image that is assembled from its tiles, with the same kind of samples as the source.
struct LargerImage {
  private let source: Image
  /// How many times as large it is.
  private let scale: Int
  private let width: Int
  private let channels: Int
  /// The number of samples per pixel, not counting alpha.
  private let colors: Int
  private var samples: [UInt8]

  init(of source: Image, scale: Int) {
    self.source = source
    self.scale = scale
    width = source.width * scale
    channels = source.channels
    colors = source.hasAlpha ? channels - 1 : channels
    let byteCount = width * source.height * scale * channels * source.bitDepth / 8
    samples = [UInt8](repeating: 0, count: byteCount)
  }

  /// Takes a tile's own pixels from `values`, f32 [3, …] of what the tile was given, `networkScale` times as
  /// large.
  mutating func take(_ values: [Float], _ tile: TilePlan.Tile, networkScale: Int) {
    let plane = TilePlane(values, tile, scale: networkScale)
    if networkScale == scale {
      copy(plane, tile)
    } else {
      resize(plane, tile, networkScale: networkScale)
    }
    if source.hasAlpha { fillAlpha(tile) }
  }

  private mutating func copy(_ plane: TilePlane, _ tile: TilePlan.Tile) {
    let columns = scaled(tile.columns)
    for y in scaled(tile.rows) {
      for color in 0..<colors {
        let row =
          colors == 1
          ? plane.grayRow(y: y, from: columns.lowerBound)
          : plane.row(color, y: y, from: columns.lowerBound)
        store(row.prefix(columns.count), color, from: columns.lowerBound, y: y)
      }
    }
  }

  private mutating func resize(_ plane: TilePlane, _ tile: TilePlan.Tile, networkScale: Int) {
    let columns = scaled(tile.columns)
    let horizontal = Bicubic(columns, numerator: scale, denominator: networkScale)
    for y in scaled(tile.rows) {
      let vertical = Bicubic(y..<y + 1, numerator: scale, denominator: networkScale)
      for color in 0..<colors {
        for (index, x) in columns.enumerated() {
          let value = vertical.value(0) { row in
            horizontal.value(index) {
              colors == 1 ? plane.gray(x: $0, y: row) : plane.value(color, x: $0, y: row)
            }
          }
          store(value, color, x: x, y: y)
        }
      }
    }
  }

  /// Returns the complete image, with the metadata of the source's file.
  func finished() -> Image {
    var image = Image(
      width: width, height: source.height * scale, channels: channels, bitDepth: source.bitDepth,
      samples: samples)
    image.metadata = source.metadata.scaled(by: scale)
    return image
  }

  /// Alpha is enlarged by itself, bicubically.
  private mutating func fillAlpha(_ tile: TilePlan.Tile) {
    let columns = scaled(tile.columns)
    let horizontal = Bicubic(columns, numerator: scale, denominator: 1)
    let channel = source.channels - 1
    for y in scaled(tile.rows) {
      let vertical = Bicubic(y..<y + 1, numerator: scale, denominator: 1)
      for (index, x) in columns.enumerated() {
        let value = vertical.value(0) { line in
          horizontal.value(index) {
            source.value(
              channel, x: min(max($0, 0), source.width - 1),
              y: min(max(line, 0), source.height - 1))
          }
        }
        store(value, channel, x: x, y: y)
      }
    }
  }

  private func scaled(_ range: Range<Int>) -> Range<Int> {
    range.lowerBound * scale..<range.upperBound * scale
  }
}

// MARK: - Samples

extension LargerImage {
  private mutating func store(_ value: Float, _ channel: Int, x: Int, y: Int) {
    withUnsafePointer(to: value) { store(UnsafeBufferPointer(start: $0, count: 1), channel, x, y) }
  }

  private mutating func store(_ row: ArraySlice<Float>, _ channel: Int, from x: Int, y: Int) {
    row.withUnsafeBufferPointer { store($0, channel, x, y) }
  }

  /// Uses pointers, because an image has millions of samples.
  private mutating func store(
    _ row: UnsafeBufferPointer<Float>, _ channel: Int, _ x: Int, _ y: Int
  ) {
    let (start, step) = ((y * width + x) * channels + channel, channels)
    let isWide = source.bitDepth == 16
    samples.withUnsafeMutableBytes { bytes in
      if isWide {
        let samples = bytes.bindMemory(to: UInt16.self)
        for place in row.indices {
          samples[start + place * step] = UInt16(Self.sample(row[place], of: 65535))
        }
      } else {
        let samples = bytes.bindMemory(to: UInt8.self)
        for place in row.indices {
          samples[start + place * step] = UInt8(
            truncatingIfNeeded: Self.sample(row[place], of: 255))
        }
      }
    }
  }

  /// Rounded to nearest, ties to even; NaN is black.
  @inline(__always)
  private static func sample(_ value: Float, of most: Float) -> UInt32 {
    let scaled = (value > 0 ? (value < 1 ? value : 1) : 0) * most
    // So far from 0 that the last place of a sum is 1.
    return (scaled + 0x1.8p23).bitPattern & 0xffff
  }
}

/// What a network made of a tile, by the pixels of the whole larger image.
private struct TilePlane {
  private let values: [Float]
  private let x: Int, y: Int, width: Int, height: Int

  init(_ values: [Float], _ tile: TilePlan.Tile, scale: Int) {
    self.values = values
    (x, y) = (tile.givenColumns.lowerBound * scale, tile.givenRows.lowerBound * scale)
    (width, height) = (tile.givenColumns.count * scale, tile.givenRows.count * scale)
  }

  /// A row's colours from pixel x on.
  func row(_ color: Int, y: Int, from x: Int) -> ArraySlice<Float> {
    let start = (color * height + y - self.y) * width
    return values[start + x - self.x..<start + width]
  }

  /// Returns a row of gray values, starting at pixel x.
  func grayRow(y: Int, from x: Int) -> ArraySlice<Float> {
    let (red, green, blue) = (row(0, y: y, from: x), row(1, y: y, from: x), row(2, y: y, from: x))
    return zip(red, zip(green, blue)).map { Self.gray($0, $1.0, $1.1) }[...]
  }

  /// Returns a pixel's gray value; outside the tile, that of the nearest pixel inside.
  func gray(x: Int, y: Int) -> Float {
    Self.gray(value(0, x: x, y: y), value(1, x: x, y: y), value(2, x: x, y: y))
  }

  /// Returns the gray value of a color, as Real-ESRGAN's own program computes it for the result of a gray image (Rec.
  /// 601).
  private static func gray(_ red: Float, _ green: Float, _ blue: Float) -> Float {
    0.299 * red + 0.587 * green + 0.114 * blue
  }

  /// A pixel's colour; beyond the tile's edge, that of the pixel there.
  func value(_ color: Int, x: Int, y: Int) -> Float {
    let column = min(max(x - self.x, 0), width - 1)
    let row = min(max(y - self.y, 0), height - 1)
    return values[(color * height + row) * width + column]
  }
}
