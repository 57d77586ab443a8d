import Glibc

/// A picture in memory.
///
/// Values lie in rows of pixels of interleaved samples without padding; alpha, where there is one, is the last
/// sample of a pixel and is not multiplied into the others.
public struct Image: Sendable, Equatable {
  /// Pixels of a row, and rows: at least one.
  public let width: Int, height: Int
  /// Samples of a pixel: 1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha.
  public let channels: Int
  /// Bits of a sample: 8, or 16 in the machine's byte order.
  public let bitDepth: Int
  /// The samples' bytes.
  public let samples: [UInt8]
  /// The file's metadata beside the samples: color space, resolution, orientation. None of it is applied to the
  /// samples.
  public var metadata = ImageMetadata()

  /// A picture of `samples`, of which there are exactly as many bytes as the extents take.
  public init(width: Int, height: Int, channels: Int, bitDepth: Int = 8, samples: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture has pixels")
    precondition((1...4).contains(channels) && [8, 16].contains(bitDepth), "no such samples")
    precondition(
      samples.count == width * height * channels * bitDepth / 8, "as many bytes as the extents take"
    )
    self.width = width
    self.height = height
    self.channels = channels
    self.bitDepth = bitDepth
    self.samples = samples
  }

  /// Whether pixels have an alpha sample.
  public var hasAlpha: Bool { channels.isMultiple(of: 2) }

  /// A sample as a number in 0...1.
  package func value(_ channel: Int, x: Int, y: Int) -> Float {
    let index = (y * width + x) * channels + channel
    if bitDepth == 8 { return Float(samples[index]) / 255 }
    let sample = samples.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
    }
    return Float(sample) / 65535
  }

  /// The sample of red (0), green (1) or blue (2); gray where the picture is gray.
  package func color(_ color: Int, x: Int, y: Int) -> Float {
    value(channels < 3 ? 0 : color, x: x, y: y)
  }

  /// Returns the size of an image's samples in bytes. Throws if the machine has less memory, or the system grants less,
  /// so that the image could be neither read nor written.
  package static func byteCount(
    width: Int, height: Int, channels: Int, bitDepth: Int = 8
  ) throws(ImageError) -> Int {
    let (pixels, isHuge) = width.multipliedReportingOverflow(by: height)
    let (byteCount, isTooMuch) = pixels.multipliedReportingOverflow(by: channels * bitDepth / 8)
    let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    guard !isHuge, !isTooMuch, byteCount <= memory, isGranted(byteCount) else {
      throw ImageError(
        .tooLarge,
        "a picture of \(width) × \(height) pixels does not fit into the machine's memory; take a smaller "
          + "one, or enlarge it less")
    }
    return byteCount
  }

  /// Returns true if the process may currently allocate so many bytes of address space (`ulimit -v`); Swift ends the
  /// process when an allocation fails.
  private static func isGranted(_ byteCount: Int) -> Bool {
    guard byteCount > 0 else { return true }
    let start = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let start, start != MAP_FAILED else { return false }
    munmap(start, byteCount)
    return true
  }
}
