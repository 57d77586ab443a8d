import FerryDevices
import FerryTensors
import Glibc

/// Which pages of a model are on its device, and which are on their way.
///
/// `@unchecked Sendable`: what changes is touched only with the mutex held; a condition variable cannot be paired
/// with `Mutex`.
final class PageTable: @unchecked Sendable {
  private enum Page {
    case absent
    /// On its way, its copy not begun.
    case coming
    /// There once the event has passed, which is nil when it has.
    case here(Allocation, arrival: (any DeviceEvent)?)
  }

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let slabs: [Slab]
  private let pageOfSegment: [Int]
  private var pages: [Page]
  private var addresses: [AddressReservation?]
  /// The segments of the pages that are there.
  private var image: WeightImage
  /// Those that steps asked for: a layer asks for the same at every token.
  private var acquired: [ResidentSegment?]
  private var failure: (any Error)?

  /// A table of these pages, all absent.
  init(_ layout: WeightLayout, slabs: [Slab], device: Device) {
    self.slabs = slabs
    pageOfSegment = slabs.indices.flatMap { page in slabs[page].segments.map { _ in page } }
    pages = Array(repeating: .absent, count: slabs.count)
    addresses = Array(repeating: nil, count: slabs.count)
    image = WeightImage(empty: layout, device: device, storage: .device)
    acquired = Array(repeating: nil, count: layout.segments.count)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// The page that a segment is on.
  func page(ofSegment segment: Int) -> Int { pageOfSegment[segment] }

  /// The addresses a page had.
  func addresses(ofPage page: Int) -> AddressReservation? { withLock { addresses[page] } }

  /// Whether a page is there, or arriving.
  func isHere(_ page: Int) -> Bool {
    withLock { if case .absent = pages[page] { false } else { true } }
  }

  /// The segments that are there, or arriving.
  var present: WeightImage { withLock { image } }

  /// Where a segment lies that is there, or arriving.
  func place(ofSegment segment: Int) -> SegmentPlace? { withLock { image.places[segment] } }

  // MARK: what the mover does

  /// These absent pages are on their way: whoever needs one waits.
  func expect(_ numbers: [Int]) {
    withLock {
      failure = nil
      for number in numbers { pages[number] = .coming }
    }
  }

  /// The copy of a page has begun, and ends at `arrival`.
  func put(_ number: Int, _ memory: Allocation, arrival: any DeviceEvent) {
    withLock {
      pages[number] = .here(memory, arrival: arrival)
      addresses[number] = memory.reservation
      for segment in slabs[number].segments {
        let range = image.layout.segments[segment].imageRange
        let start = range.lowerBound - slabs[number].imageRange.lowerBound
        image.set(.assembled(memory.view[start, count: range.count]), segment: segment)
      }
      pthread_cond_broadcast(changed)
    }
  }

  /// These pages are not there, or no longer; whoever waits for one gets `error`.
  func remove(_ numbers: [Int], because error: (any Error)? = nil) {
    // Memory is given back outside the lock.
    let memory = withLock {
      failure = error ?? failure
      let memory = numbers.map { pages[$0] }
      let segments = numbers.flatMap { slabs[$0].segments }
      let views = segments.map { acquired[$0] }
      for number in numbers { pages[number] = .absent }
      for segment in segments {
        image.set(nil, segment: segment)
        acquired[segment] = nil
      }
      pthread_cond_broadcast(changed)
      return (memory, views)
    }
    withExtendedLifetime(memory) {}
  }

  // MARK: what steps do

  /// A segment, and when it will be there; nil where it is absent. Waits while its copy has not begun.
  func segment(_ segment: Int) throws -> (ResidentSegment, arrival: (any DeviceEvent)?)? {
    try withLock {
      let page = pageOfSegment[segment]
      while case .coming = pages[page] { pthread_cond_wait(changed, mutex) }
      guard case .here(let memory, var arrival) = pages[page] else {
        if let failure { throw failure }
        return nil
      }
      if arrival?.hasPassed ?? false {
        arrival = nil
        pages[page] = .here(memory, arrival: nil)
      }
      let known = acquired[segment] ?? image.resident(segment: segment)
      acquired[segment] = known
      return known.map { ($0, arrival) }
    }
  }

  private func withLock<Value>(_ body: () throws -> Value) rethrows -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }
}
