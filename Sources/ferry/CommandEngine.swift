import Ferry

/// The engine that the commands run on; tests put one with faulty devices in its place.
package enum CommandEngine {
  @TaskLocal package static var current = Engine()
}
