package import CDrivers

extension DriverDouble {
  /// The entry points; valid for the life of the process, and never changed.
  package nonisolated(unsafe) static let table: UnsafePointer<ferry_cuda> = {
    makeTable("cuda.h") { (table: inout ferry_cuda) in
      fillDevices(&table)
      fillMemory(&table)
      fillCopies(&table)
      fillMapping(&table)
      fillStreams(&table)
      fillEvents(&table)
      fillGraphs(&table)
      fillModules(&table)
    }
  }()

  /// A table of a header's entry points that lives as long as the process. One that the header has and
  /// `fill` leaves out would crash whoever calls it.
  static func makeTable<Table>(
    _ header: String, fill: (inout Table) -> Void
  ) -> UnsafePointer<Table> {
    let size = MemoryLayout<Table>.size
    let table = UnsafeMutableRawPointer.allocate(
      byteCount: size, alignment: MemoryLayout<Table>.alignment)
    table.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    let entries = table.assumingMemoryBound(to: Table.self)
    fill(&entries.pointee)
    let words = UnsafeBufferPointer(
      start: table.assumingMemoryBound(to: UInt.self), count: size / MemoryLayout<UInt>.size)
    if let place = words.firstIndex(of: 0) {
      preconditionFailure("the driver double lacks entry point \(place) of \(header)")
    }
    return UnsafePointer(entries)
  }
}
