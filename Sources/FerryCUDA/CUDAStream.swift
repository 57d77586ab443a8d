import CDrivers
import FerryDevices
import Synchronization

/// An in-order queue that waits for no other.
final class CUDAStream: DeviceStream {
  let backend: CUDABackend
  private let stream: CUDAObject
  private let recorder = Mutex(CUDARecorder.idle)

  init(_ backend: CUDABackend) throws(DeviceError) {
    self.backend = backend
    var stream: OpaquePointer?
    // CU_STREAM_NON_BLOCKING: it does not wait for the legacy default stream.
    try backend.context.run(.setUp) { $0.StreamCreateWithPriority(&stream, 1, 0) }
    guard let stream else { throw CUDAStatus.invalidValue.error(.setUp, on: backend.device) }
    self.stream = CUDAObject(stream)
  }

  deinit {
    let isRecording = self.isRecording
    context.release("a stream") { call in
      var graph: OpaquePointer?
      if isRecording { _ = call.StreamEndCapture(pointer, &graph) }
      if let graph { _ = call.GraphDestroy(graph) }
      // What is queued may read and write memory that goes when the stream has gone.
      let status = call.StreamSynchronize(pointer)
      let destroyed = call.StreamDestroy(pointer)
      return status == 0 ? destroyed : status
    }
  }

  /// The driver's stream.
  var pointer: OpaquePointer { stream.pointer }
  var context: CUDAContext { backend.context }

  func upload(_ source: UnsafeRawBufferPointer, to target: BufferView) throws(DeviceError) {
    precondition(source.count == target.byteCount, "a copy has one size")
    let place = try memory(target)
    guard source.count > 0 else { return }
    try refuseRecording("a copy from the host")
    try enqueue(.copy) { call in
      call.MemcpyHtoDAsync(place.start, source.baseAddress, source.count, pointer)
    }
  }

  func download(_ source: BufferView, to target: UnsafeMutableRawBufferPointer)
    throws(DeviceError)
  {
    precondition(source.byteCount == target.count, "a copy has one size")
    let place = try memory(source)
    guard target.count > 0 else { return }
    try refuseRecording("a copy to the host")
    try enqueue(.copy) { call in
      call.MemcpyDtoHAsync(target.baseAddress, place.start, target.count, pointer)
    }
  }

  func copy(_ source: BufferView, to target: BufferView) throws(DeviceError) {
    precondition(source.byteCount == target.byteCount, "a copy has one size")
    guard source.device == target.device else { return try copyBetween(source, target) }
    let (from, to) = (try memory(source), try memory(target))
    guard source.byteCount > 0 else { return }
    try enqueue(.copy) { call in
      call.MemcpyDtoDAsync(to.start, from.start, source.byteCount, pointer)
    }
  }

  /// Copies from or to another device that can be addressed from here.
  private func copyBetween(_ source: BufferView, _ target: BufferView) throws(DeviceError) {
    guard source.device == backend.device || target.device == backend.device else {
      throw .foreign(source.device, to: backend.device)
    }
    let (from, to) = (try contextOf(source), try contextOf(target))
    guard source.byteCount > 0 else { return }
    try refuseRecording("a copy between devices")
    try enqueue(.copy) { call in
      call.MemcpyPeerAsync(
        CUDAMemory(target).start, to.pointer, CUDAMemory(source).start, from.pointer,
        source.byteCount, pointer)
    }
  }

  func fill(_ target: BufferView, with byte: UInt8) throws(DeviceError) {
    let place = try memory(target)
    guard target.byteCount > 0 else { return }
    try enqueue(.copy) { call in
      call.MemsetD8Async(place.start, byte, target.byteCount, pointer)
    }
  }

  func launch(
    _ kernel: any DeviceKernel, groups: GridSize, groupSize: GridSize,
    _ arguments: [KernelArgument]
  ) throws(DeviceError) {
    guard let kernel = kernel as? CUDAKernel, kernel.owner == ObjectIdentifier(backend) else {
      throw DeviceError(
        .wrongDevice, "kernel \(kernel.name) was built for another device than \(backend.device)")
    }
    try kernel.start(on: self, groups: groups, groupSize: groupSize, arguments)
  }

  /// The memory of a view of this device.
  func memory(_ view: BufferView) throws(DeviceError) -> CUDAMemory {
    guard view.device == backend.device else { throw .foreign(view.device, to: backend.device) }
    return CUDAMemory(view)
  }

  private func contextOf(_ view: BufferView) throws(DeviceError) -> CUDAObject {
    guard view.device != backend.device else { return try context.opened() }
    return try backend.peer(view.device).opened()
  }
}

/// Where a view is.
struct CUDAMemory {
  /// Of the allocation.
  let address: CUdeviceptr
  /// Of the view's first byte.
  let start: CUdeviceptr

  init(_ view: BufferView) {
    address = view.handle.address
    start = address + CUdeviceptr(view.offset)
  }
}

// MARK: - Order

extension CUDAStream {
  func record() throws(DeviceError) -> any DeviceEvent {
    try context.check()
    return try recorder.withLock { (recorder: inout CUDARecorder) throws(DeviceError) in
      if let begin = recorder.begin { return begin }
      return try CUDAEvent(context, on: stream)
    }
  }

  /// An event of another CUDA device is waited for on the device too.
  func wait(for event: any DeviceEvent) throws(DeviceError) {
    try context.check()
    try (event as? CUDAEvent)?.context.check()
    guard !event.hasPassed else { return }
    guard let event = event as? CUDAEvent, event.context.library == context.library,
      !isRecording
    else { return try event.wait() }
    try context.run(.launch) { $0.StreamWaitEvent(pointer, event.pointer, 0) }
  }

  func synchronize() throws(DeviceError) {
    if let event = recorder.withLock({ $0.begin }) { return try event.wait() }
    try context.run(.launch) { $0.StreamSynchronize(pointer) }
  }

  /// Queues work. A failure spoils a recording that is under way.
  func enqueue(_ task: CUDATask, _ calls: (ferry_cuda) -> CUresult) throws(DeviceError) {
    do throws(DeviceError) {
      try context.run(task, calls)
    } catch {
      recorder.withLock { $0.spoil(error) }
      throw error
    }
  }
}

// MARK: - Recording

extension CUDAStream: GraphRecording {
  var recording: (any GraphRecording)? { self }

  var isRecording: Bool { recorder.withLock { $0.begin != nil } }

  /// Until the end, events of this stream stand for what was queued before: recorded work is not.
  func beginRecording() throws(DeviceError) {
    try recorder.withLock { (recorder: inout CUDARecorder) throws(DeviceError) in
      guard case .idle = recorder else {
        throw DeviceError(.driver, "\(backend.device) is recording already: end that first")
      }
      let begin = try CUDAEvent(context, on: stream)
      // CU_STREAM_CAPTURE_MODE_RELAXED: Swift tasks change threads, and memory may be released
      // meanwhile; nothing that this backend does in between conflicts with a capture.
      try context.run(.recording) { $0.StreamBeginCapture(pointer, 2) }
      recorder = .recording(since: begin, failure: nil)
    }
  }

  func endRecording() throws(DeviceError) -> any DeviceGraph {
    try recorder.withLock { (recorder: inout CUDARecorder) throws(DeviceError) in
      guard case .recording(_, let failure) = recorder else {
        throw DeviceError(.driver, "\(backend.device) is not recording: begin first")
      }
      recorder = .idle
      return try CUDAGraph(endingCaptureOf: self, after: failure)
    }
  }

  func launch(_ graph: any DeviceGraph) throws(DeviceError) {
    guard let graph = graph as? CUDAGraph, graph.context === context else {
      throw DeviceError(
        .wrongDevice, "the graph was recorded on another device than \(backend.device)")
    }
    try refuseRecording("a graph")
    try graph.launch(on: self)
  }

  /// What waits for the host or depends on it cannot be repeated.
  func refuseRecording(_ what: String) throws(DeviceError) {
    guard isRecording else { return }
    let error = DeviceError(
      .driver, "\(what) cannot be recorded on \(backend.device): do it before or after")
    recorder.withLock { $0.spoil(error) }
    throw error
  }
}
