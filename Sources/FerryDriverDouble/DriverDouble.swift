/// A CUDA driver without a GPU: memory, streams, events and accounts on the host, for tests.
package enum DriverDouble {}
