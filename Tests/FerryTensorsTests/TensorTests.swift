import FerryDevices
import FerryFormats
import FerryTensors
import Testing

@Suite("A tensor")
struct TensorTests {
  @Test("takes the first bytes of a view and cuts rows out of it")
  func rows() throws {
    let memory = try DeviceContext(HostBackend()).allocate(byteCount: 4096).view
    let tensor = Tensor(memory[16, count: 1000], .f16, shape: [2, 3, 4])
    #expect((tensor.count, tensor.rowCount, tensor.columnCount) == (24, 6, 4))
    #expect(tensor.view.byteCount == 48)
    let rows = tensor.rows(2..<5)
    #expect(rows.shape == [3, 4])
    #expect((rows.view.offset, rows.view.byteCount) == (16 + 2 * 8, 24))
    #expect(tensor.rows(6..<6).count == 0)
    #expect(tensor.reshaped([24]).columnCount == 24)
  }

  @Test("of no extents is one element, of a zero extent none")
  func degenerate() throws {
    let memory = try DeviceContext(HostBackend()).allocate(byteCount: 64).view
    let scalar = Tensor(memory, .f32, shape: [])
    #expect((scalar.count, scalar.rowCount, scalar.columnCount) == (1, 1, 1))
    let empty = Tensor(memory, .f32, shape: [0, 8])
    #expect((empty.count, empty.rowCount, empty.view.byteCount) == (0, 0, 0))
  }
}
