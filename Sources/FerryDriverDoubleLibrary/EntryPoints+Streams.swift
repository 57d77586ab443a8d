package import CDrivers

// Streams, events and graphs.

@c(cuStreamCreateWithPriority) package func streamCreateWithPriority(
  _ stream: UnsafeMutablePointer<CUstream?>?, _ flags: UInt32, _ priority: Int32
) -> CUresult {
  driver.StreamCreateWithPriority(stream, flags, priority)
}

@c(cuStreamDestroy_v2) package func streamDestroy(_ stream: CUstream?) -> CUresult {
  driver.StreamDestroy(stream)
}

@c(cuStreamSynchronize) package func streamSynchronize(_ stream: CUstream?) -> CUresult {
  driver.StreamSynchronize(stream)
}

@c(cuStreamWaitEvent) package func streamWaitEvent(
  _ stream: CUstream?, _ event: CUevent?, _ flags: UInt32
) -> CUresult {
  driver.StreamWaitEvent(stream, event, flags)
}

@c(cuStreamBeginCapture_v2) package func streamBeginCapture(_ stream: CUstream?, _ mode: Int32)
  -> CUresult
{
  driver.StreamBeginCapture(stream, mode)
}

@c(cuStreamEndCapture) package func streamEndCapture(
  _ stream: CUstream?, _ graph: UnsafeMutablePointer<CUgraph?>?
) -> CUresult {
  driver.StreamEndCapture(stream, graph)
}

@c(cuEventCreate) package func eventCreate(
  _ event: UnsafeMutablePointer<CUevent?>?, _ flags: UInt32
) -> CUresult {
  driver.EventCreate(event, flags)
}

@c(cuEventDestroy_v2) package func eventDestroy(_ event: CUevent?) -> CUresult {
  driver.EventDestroy(event)
}

@c(cuEventRecord) package func eventRecord(_ event: CUevent?, _ stream: CUstream?) -> CUresult {
  driver.EventRecord(event, stream)
}

@c(cuEventQuery) package func eventQuery(_ event: CUevent?) -> CUresult {
  driver.EventQuery(event)
}

@c(cuEventSynchronize) package func eventSynchronize(_ event: CUevent?) -> CUresult {
  driver.EventSynchronize(event)
}

@c(cuGraphInstantiateWithFlags) package func graphInstantiate(
  _ executable: UnsafeMutablePointer<CUgraphExec?>?, _ graph: CUgraph?, _ flags: UInt64
) -> CUresult {
  driver.GraphInstantiate(executable, graph, flags)
}

@c(cuGraphLaunch) package func graphLaunch(_ executable: CUgraphExec?, _ stream: CUstream?)
  -> CUresult
{
  driver.GraphLaunch(executable, stream)
}

@c(cuGraphExecDestroy) package func graphExecDestroy(_ executable: CUgraphExec?) -> CUresult {
  driver.GraphExecDestroy(executable)
}

@c(cuGraphDestroy) package func graphDestroy(_ graph: CUgraph?) -> CUresult {
  driver.GraphDestroy(graph)
}
