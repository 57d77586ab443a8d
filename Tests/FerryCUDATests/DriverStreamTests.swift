import CDrivers
import FerryDriverDouble
import Testing

extension OnTheDouble {
  /// Work runs later than it is queued, and only events order streams.
  @Suite struct DriverStreamTests {
    @Test func streamsAreOrderedByEventsAlone() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let call = driver.call
        let (address, event, other) = (driver.allocate(8), driver.makeEvent(), driver.makeStream())
        #expect(call.MemsetD8Async(address, 1, 8, driver.stream) == 0)
        #expect(call.StreamSynchronize(driver.stream) == 0)
        #expect(call.MemsetD8Async(address, 2, 8, other) == 0)
        #expect(driver.read(address, 1) == [1])
        #expect(call.EventRecord(event, other) == 0)
        #expect(call.EventQuery(event) == 600)
        #expect(call.EventQuery(event) == 600)
        #expect(call.EventQuery(event) == 0)
        #expect(call.MemsetD8Async(address, 3, 8, other) == 0)
        #expect(call.EventRecord(event, other) == 0)
        #expect(call.StreamWaitEvent(driver.stream, event, 0) == 0)
        #expect(driver.read(address, 1) == [3])
        #expect(call.EventDestroy(event) == 0)
        #expect(call.EventQuery(event) == 400)
        #expect(call.StreamDestroy(other) == 0)
        #expect(call.MemFree(address) == 0)
        driver.end()
      }
    }

    @Test func aWaitIsForTheRecordBeforeIt() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let call = driver.call
        let (address, event, other) = (driver.allocate(8), driver.makeEvent(), driver.makeStream())
        #expect(call.StreamWaitEvent(driver.stream, event, 0) == 0)
        #expect(call.EventQuery(event) == 0)
        #expect(call.MemsetD8Async(address, 1, 8, other) == 0)
        #expect(call.EventRecord(event, other) == 0)
        #expect(call.StreamWaitEvent(driver.stream, event, 0) == 0)
        #expect(call.MemsetD8Async(address, 2, 8, other) == 0)
        #expect(call.EventRecord(event, other) == 0)
        #expect(driver.read(address, 1) == [1])
        #expect(call.EventSynchronize(event) == 0)
        #expect(driver.read(address, 1) == [2])
        #expect(call.EventDestroy(event) == 0)
        #expect(call.StreamDestroy(other) == 0)
        #expect(call.MemFree(address) == 0)
        driver.end()
      }
    }

    @Test(arguments: [700, 719, 214]) func aFailureOfQueuedWorkAppearsAtTheWait(_ code: Int32) {
      OnTheDouble.run {
        let driver = DriverCalls()
        let second = DriverCalls(device: 1)
        let address = second.allocate(8)
        DriverDouble.change { $0.failWork(on: 0, at: 2, with: code) }
        #expect(second.call.CtxPopCurrent(nil) == 0)
        let broken = driver.allocate(8)
        for _ in 0..<3 { #expect(driver.call.MemsetD8Async(broken, 1, 8, driver.stream) == 0) }
        #expect(driver.call.StreamSynchronize(driver.stream) == code)
        #expect(driver.call.StreamSynchronize(driver.stream) == code)
        #expect(driver.call.MemFree(broken) == code)
        #expect(second.call.CtxPushCurrent(second.context) == 0)
        #expect(second.call.MemsetD8Async(address, 1, 8, second.stream) == 0)
        #expect(second.read(address, 8) == [UInt8](repeating: 1, count: 8))
        #expect(second.call.MemFree(address) == 0)
        second.end()
        driver.end()
      }
    }

    @Test func callsFailWhenAsked() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let address = driver.allocate(8)
        DriverDouble.change { $0.fail(.memsetD8Async, at: 2, with: 999) }
        let codes = (0..<3).map { _ in driver.call.MemsetD8Async(address, 0, 8, driver.stream) }
        #expect(codes == [0, 999, 0])
        #expect(DriverDouble.calls(of: .memsetD8Async) == 3)
        DriverDouble.change { $0.fail(.memFree, with: 700) }
        #expect(driver.call.MemFree(address) == 700)
        #expect(DriverDouble.census.allocations == 0)
        driver.end()
      }
    }

    @Test func peersCopyBetweenTheirContexts() {
      OnTheDouble.run {
        let (first, second) = (DriverCalls(), DriverCalls(device: 1))
        let (target, call) = (second.allocate(8), second.call)
        #expect(call.CtxPushCurrent(first.context) == 0)
        let source = first.allocate(8)
        #expect(call.MemsetD8Async(source, 5, 8, first.stream) == 0)
        #expect(
          call.MemcpyPeerAsync(target, second.context, source, first.context, 8, first.stream) == 0)
        #expect(call.StreamSynchronize(first.stream) == 0)
        #expect(call.CtxEnablePeerAccess(second.context, 0) == 0)
        #expect(call.CtxEnablePeerAccess(second.context, 0) == 704)
        #expect(call.MemsetD8Async(target, 6, 1, first.stream) == 0)
        #expect(call.StreamSynchronize(first.stream) == 0)
        #expect(call.MemFree(source) == 0)
        #expect(call.CtxPopCurrent(nil) == 0)
        #expect(second.read(target, 8) == [6, 5, 5, 5, 5, 5, 5, 5])
        #expect(call.MemFree(target) == 0)
        second.end()
        first.end()
      }
    }
  }

  /// Captured work runs when it is launched, as often as that is.
  @Suite struct DriverCaptureTests {
    @Test func aGraphReadsAddressesAgainAtEachLaunch() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let (address, call) = (driver.allocate(16), driver.call)
        var (graph, executable): (CUgraph?, CUgraphExec?)
        #expect(call.StreamBeginCapture(driver.stream, 2) == 0)
        #expect(call.MemcpyDtoDAsync(address + 8, address, 8, driver.stream) == 0)
        #expect(call.StreamEndCapture(driver.stream, &graph) == 0)
        #expect(call.GraphInstantiate(&executable, graph, 0) == 0)
        #expect(call.GraphDestroy(graph) == 0)
        for byte in UInt8(1)...3 {
          #expect(call.MemsetD8Async(address, byte, 8, driver.stream) == 0)
          #expect(call.GraphLaunch(executable, driver.stream) == 0)
          #expect(driver.read(address + 8, 1) == [byte])
        }
        #expect(call.GraphExecDestroy(executable) == 0)
        #expect(call.MemFree(address) == 0)
        driver.end()
      }
    }

    @Test func aCallThatWaitsEndsACapture() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let call = driver.call
        let address = driver.allocate(8)
        var graph: CUgraph?
        #expect(call.StreamBeginCapture(driver.stream, 2) == 0)
        #expect(call.StreamBeginCapture(driver.stream, 2) == 401)
        #expect(call.StreamSynchronize(driver.stream) == 900)
        #expect(call.MemsetD8Async(address, 1, 8, driver.stream) == 901)
        #expect(call.StreamEndCapture(driver.stream, &graph) == 901)
        #expect(graph == nil)
        #expect(call.StreamEndCapture(driver.stream, &graph) == 401)
        #expect(call.StreamSynchronize(driver.stream) == 0)
        #expect(call.MemFree(address) == 0)
        driver.end()
      }
    }

    @Test func aGlobalCaptureForbidsAllocations() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let call = driver.call
        var (address, graph): (CUdeviceptr, CUgraph?) = (0, nil)
        for (mode, code): (Int32, Int32) in [(0, 900), (1, 900), (2, 0)] {
          #expect(call.StreamBeginCapture(driver.stream, mode) == 0)
          #expect(call.MemAlloc(&address, 8) == code)
          #expect(call.StreamEndCapture(driver.stream, &graph) == (code == 0 ? 0 : 901))
        }
        #expect(call.GraphDestroy(graph) == 0)
        #expect(call.MemFree(address) == 0)
        driver.end()
      }
    }

    @Test func streamsJoinACaptureAndHaveToComeBack() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let (call, address, other) = (driver.call, driver.allocate(8), driver.makeStream())
        let (fork, back) = (driver.makeEvent(), driver.makeEvent())
        for comesBack in [false, true] {
          var graph: CUgraph?
          #expect(call.StreamBeginCapture(driver.stream, 0) == 0)
          #expect(call.EventRecord(fork, driver.stream) == 0)
          #expect(call.StreamWaitEvent(other, fork, 0) == 0)
          #expect(call.MemsetD8Async(address, 1, 8, other) == 0)
          #expect(call.EventRecord(back, other) == 0)
          if comesBack { #expect(call.StreamWaitEvent(driver.stream, back, 0) == 0) }
          #expect(call.StreamEndCapture(driver.stream, &graph) == (comesBack ? 0 : 904))
          #expect(call.EventQuery(back) == 907)
          if let graph { #expect(call.GraphDestroy(graph) == 0) }
        }
        for event in [fork, back] { #expect(call.EventDestroy(event) == 0) }
        #expect(call.StreamDestroy(other) == 0)
        #expect(call.MemFree(address) == 0)
        driver.end()
      }
    }

    @Test func aCaptureAwaitsNothingOutside() {
      OnTheDouble.run {
        let driver = DriverCalls()
        let (call, event) = (driver.call, driver.makeEvent())
        var graph: CUgraph?
        #expect(call.EventRecord(event, driver.stream) == 0)
        #expect(call.StreamBeginCapture(driver.stream, 2) == 0)
        #expect(call.StreamWaitEvent(driver.stream, event, 0) == 905)
        #expect(call.StreamEndCapture(driver.stream, &graph) == 901)
        #expect(call.EventDestroy(event) == 0)
        driver.end()
      }
    }
  }
}
