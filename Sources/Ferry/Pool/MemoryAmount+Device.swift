import FerryDevices
import FerryResidency

extension MemoryAmount {
  /// What a pool on a device may hold, beside `headRoom` bytes that stay free where the driver tells what is.
  ///
  /// - Throws: ``FerryError/Code/badArgument`` where that is nothing.
  func deviceBudget(on context: DeviceContext, headRoom: Int) throws -> DeviceBudget {
    let total = try context.backend.memory().total
    let bytes = min(self.bytes(of: total), total)
    guard headRoom >= 0, headRoom < total, bytes > 0 else {
      let sizes = ByteCount.spelled(bytes, headRoom, total)
      throw FerryError(
        .badArgument,
        "a budget of \(sizes[0]) with \(sizes[1]) of head room leaves nothing for models on "
          + "\(context.device), which has \(sizes[2])")
    }
    return DeviceBudget(.bytes(min(bytes, total - headRoom)), headRoom: headRoom)
  }
}
