import CDeviceKernels
import FerryDevices
import Foundation
import Testing

@testable import FerryOperations

/// The compiled images: the table that they are made by, and the catalog.
@Suite struct KernelImagesTests {
  /// Images are found by name; what they were compiled from has to be what operations ask for.
  @Test(arguments: OperationKernel.allCases)
  func imagesAreMadeOfWhatOperationsAskFor(_ kernel: OperationKernel) throws {
    let program = kernel.program([:])
    let row = try #require(ImageTable.read().programs.first { $0.name == program.name })
    #expect(try row.text() == program.source)
  }

  @Test func aNativeImageIsOfItsTarget() throws {
    var size = 0
    let image = try #require(ferry_kernel_image("sm_90", "checksum", &size))
    let bytes = UnsafeRawBufferPointer(start: image, count: size)
    #expect(bytes.prefix(4).elementsEqual([0x7f, 0x45, 0x4c, 0x46]))
    #expect(bytes.loadUnaligned(fromByteOffset: 18, as: UInt16.self) == 190)  // EM_CUDA
  }

  @Test func anImageForLaterDevicesIsText() throws {
    var size = 0
    let image = try #require(ferry_kernel_image("compute_75", "rotate VALUES=bf16", &size))
    let text = String(cString: image.assumingMemoryBound(to: CChar.self))
    #expect(text.utf8.count == size - 1)
    #expect(text.contains(".target sm_75") && text.contains(".entry rotate_pairs("))
    #expect(text.contains(".version 8.4"))
  }

  @Test func imagesAndKeysBelongTogether() throws {
    let key = "quantize VALUES=f16"
    let image = try #require(ferry_kernel_image("sm_80", key, nil))
    #expect(ferry_kernel_image("sm_80", key, nil) == image)
    #expect(ferry_kernel_image("sm_86", key, nil) != image)
    #expect(ferry_kernel_image_key(image).map { String(cString: $0) } == key)
    #expect(ferry_kernel_has_image(key))
  }

  @Test func whatWasNotMadeIsNotFound() {
    #expect(ferry_kernel_image("sm_70", "checksum", nil) == nil)
    #expect(ferry_kernel_image("sm_90", "checksums", nil) == nil)
    #expect(ferry_kernel_image("sm_90", "quantize", nil) == nil)
    #expect(!ferry_kernel_has_image("quantize VALUES=f64"))
    withUnsafeBytes(of: 0) { #expect(ferry_kernel_image_key($0.baseAddress) == nil) }
  }

  @Test func threadsThatAskAtOnceGetOneImage() async {
    let addresses = await withTaskGroup(of: UInt.self) { group in
      for _ in 0..<8 {
        group.addTask {
          UInt(bitPattern: ferry_kernel_image("sm_89", "conformance-defines VALUE=8u", nil))
        }
      }
      return await group.reduce(into: Set<UInt>()) { $0.insert($1) }
    }
    #expect(addresses.count == 1 && !addresses.contains(0))
  }
}

/// `Sources/CDeviceKernels/images/programs.json`.
private struct ImageTable: Decodable {
  struct Program: Decodable {
    let name: String
    let files: [String]

    /// The text of its files, joined as the script joins them.
    func text() throws -> String {
      let texts = try files.map {
        try String(contentsOf: ImageTable.folder.appending(path: $0), encoding: .utf8)
      }
      return texts.joined(separator: "\n")
    }
  }

  let programs: [Program]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/CDeviceKernels")

  static func read() throws -> ImageTable {
    try JSONDecoder().decode(
      ImageTable.self, from: Data(contentsOf: folder.appending(path: "images/programs.json")))
  }
}
