import CDrivers
import Glibc

extension DriverDouble {
  static func fillStreams(_ table: inout ferry_cuda) {
    table.StreamCreateWithPriority = { handle, _, _ in
      DriverDouble.call(.streamCreateWithPriority) { state throws(DriverFailure) in
        let stream = DoubleStream(try state.soundContext())
        state.streams[stream.token.rawValue] = stream
        handle?.pointee = stream.token.pointer
      }
    }
    table.StreamDestroy = { stream in
      DriverDouble.call(.streamDestroy) { state throws(DriverFailure) in
        try state.destroyStream(stream)
      }
    }
    table.StreamSynchronize = { stream in
      DriverDouble.call(.streamSynchronize) { state throws(DriverFailure) in
        try state.synchronize(try state.soundStream(stream))
      }
    }
    table.StreamWaitEvent = { stream, event, _ in
      DriverDouble.call(.streamWaitEvent) { state throws(DriverFailure) in
        try state.wait(try state.soundStream(stream), for: try state.event(event))
      }
    }
    table.StreamBeginCapture = { stream, mode in
      DriverDouble.call(.streamBeginCapture) { state throws(DriverFailure) in
        try state.beginCapture(
          try state.soundStream(stream), mode: mode, thread: UInt(pthread_self()))
      }
    }
    table.StreamEndCapture = { stream, graph in
      DriverDouble.call(.streamEndCapture) { state throws(DriverFailure) in
        graph?.pointee = nil
        let recorded = try state.endCapture(
          try state.soundStream(stream), thread: UInt(pthread_self()))
        graph?.pointee = recorded.token.pointer
      }
    }
  }

  static func fillEvents(_ table: inout ferry_cuda) {
    table.EventCreate = { handle, _ in
      DriverDouble.call(.eventCreate) { state throws(DriverFailure) in
        let event = DoubleEvent(try state.soundContext())
        state.events[event.token.rawValue] = event
        handle?.pointee = event.token.pointer
      }
    }
    table.EventDestroy = { handle in
      DriverDouble.call(.eventDestroy) { state throws(DriverFailure) in
        let event = try state.event(handle)
        state.events[event.token.rawValue] = nil
        try event.context.check()
      }
    }
    table.EventRecord = { event, stream in
      DriverDouble.call(.eventRecord) { state throws(DriverFailure) in
        try state.record(try state.event(event), on: try state.soundStream(stream))
      }
    }
    table.EventQuery = { handle in
      DriverDouble.call(.eventQuery) { state throws(DriverFailure) in
        let event = try state.event(handle)
        try event.context.check()
        try state.query(event)
      }
    }
    table.EventSynchronize = { handle in
      DriverDouble.call(.eventSynchronize) { state throws(DriverFailure) in
        let event = try state.event(handle)
        try event.context.check()
        guard event.capture == nil else { throw .capturedEvent }
        if let point = event.point { try state.reach(point) }
      }
    }
  }

  static func fillGraphs(_ table: inout ferry_cuda) {
    table.GraphInstantiate = { executable, graph, _ in
      DriverDouble.call(.graphInstantiate) { state throws(DriverFailure) in
        executable?.pointee = try state.instantiate(graph).token.pointer
      }
    }
    table.GraphLaunch = { executable, stream in
      DriverDouble.call(.graphLaunch) { state throws(DriverFailure) in
        try state.launch(executable, on: try state.soundStream(stream))
      }
    }
    table.GraphExecDestroy = { handle in
      DriverDouble.call(.graphExecDestroy) { state throws(DriverFailure) in
        guard state.executables.removeValue(forKey: UInt(handle: handle)) != nil else {
          throw .invalidValue
        }
      }
    }
    table.GraphDestroy = { handle in
      DriverDouble.call(.graphDestroy) { state throws(DriverFailure) in
        guard state.graphs.removeValue(forKey: UInt(handle: handle)) != nil else {
          throw .invalidValue
        }
      }
    }
  }
}
