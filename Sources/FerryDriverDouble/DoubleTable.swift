package import CDrivers

extension DriverDouble {
  /// The entry points; valid for the life of the process, and never changed.
  package nonisolated(unsafe) static let table: UnsafePointer<ferry_cuda> = {
    let table = UnsafeMutableRawPointer.allocate(
      byteCount: MemoryLayout<ferry_cuda>.size, alignment: MemoryLayout<ferry_cuda>.alignment)
    table.initializeMemory(as: UInt8.self, repeating: 0, count: MemoryLayout<ferry_cuda>.size)
    let entries = table.assumingMemoryBound(to: ferry_cuda.self)
    fillDevices(&entries.pointee)
    fillMemory(&entries.pointee)
    fillCopies(&entries.pointee)
    fillMapping(&entries.pointee)
    fillStreams(&entries.pointee)
    fillEvents(&entries.pointee)
    fillGraphs(&entries.pointee)
    fillModules(&entries.pointee)
    checkFilled(table)
    return UnsafePointer(entries)
  }()

  /// An entry point that cuda.h has and this table lacks would crash whoever calls it.
  private static func checkFilled(_ table: UnsafeMutableRawPointer) {
    let count = MemoryLayout<ferry_cuda>.size / MemoryLayout<UInt>.size
    let words = UnsafeBufferPointer(start: table.assumingMemoryBound(to: UInt.self), count: count)
    guard let place = words.firstIndex(of: 0) else { return }
    preconditionFailure("the driver double lacks entry point \(place) of cuda.h")
  }
}
