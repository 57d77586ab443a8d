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

/// A larger image as its tiles come: 8-bit RGB, or RGBA.
struct LargerImage {
  private let source: Image
  /// How many times as large it is.
  private let scale: Int
  private let width: Int
  private let channels: Int
  private var samples: [UInt8]

  init(of source: Image, scale: Int) {
    self.source = source
    self.scale = scale
    width = source.width * scale
    channels = source.hasAlpha ? 4 : 3
    samples = [UInt8](repeating: 0, count: width * source.height * scale * channels)
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
    var line = [UInt8](repeating: 0, count: columns.count)
    for y in scaled(tile.rows) {
      let start = (y * width + columns.lowerBound) * channels
      for color in 0..<3 {
        let row = plane.row(color, y: y, from: columns.lowerBound)
        // Pointers, because a picture has millions of samples.
        row.withUnsafeBufferPointer { row in
          line.withUnsafeMutableBufferPointer { line in
            for place in line.indices { line[place] = Self.sample(row[place]) }
          }
        }
        samples.withUnsafeMutableBufferPointer { samples in
          for place in line.indices { samples[start + place * channels + color] = line[place] }
        }
      }
    }
  }

  private mutating func resize(_ plane: TilePlane, _ tile: TilePlan.Tile, networkScale: Int) {
    let columns = scaled(tile.columns)
    let horizontal = Bicubic(columns, numerator: scale, denominator: networkScale)
    for y in scaled(tile.rows) {
      let vertical = Bicubic(y..<y + 1, numerator: scale, denominator: networkScale)
      for color in 0..<3 {
        for (index, x) in columns.enumerated() {
          let value = vertical.value(0) { row in
            horizontal.value(index) { plane.value(color, x: $0, y: row) }
          }
          store(value, color, x: x, y: y)
        }
      }
    }
  }

  /// The whole image.
  func finished() -> Image {
    Image(
      width: width, height: source.height * scale, channels: channels, samples: samples)
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
        store(value, 3, x: x, y: y)
      }
    }
  }

  private func scaled(_ range: Range<Int>) -> Range<Int> {
    range.lowerBound * scale..<range.upperBound * scale
  }

  private mutating func store(_ value: Float, _ channel: Int, x: Int, y: Int) {
    samples[(y * width + x) * channels + channel] = Self.sample(value)
  }

  /// Rounded to nearest, ties to even; NaN is black.
  private static func sample(_ value: Float) -> UInt8 {
    let scaled = (value > 0 ? (value < 1 ? value : 1) : 0) * 255
    // So far from 0 that the last place of a sum is 1.
    return UInt8(truncatingIfNeeded: (scaled + 0x1.8p23).bitPattern)
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

  /// A pixel's colour; beyond the tile's edge, that of the pixel there.
  func value(_ color: Int, x: Int, y: Int) -> Float {
    let column = min(max(x - self.x, 0), width - 1)
    let row = min(max(y - self.y, 0), height - 1)
    return values[(color * height + row) * width + column]
  }
}
