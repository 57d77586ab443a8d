import FerryDevices
import FerryTensors

/// Where the weights of a model are.
enum Placement: Sendable {
  /// On the CPU, in files or in host memory.
  case host(WeightImage)
  /// On a device, with or without an image of them on the host.
  case device(Replica, hostCopy: WeightImage?)

  /// A whole image in the memory of one device.
  struct Replica: Sendable {
    let context: DeviceContext
    let memory: ImageMemory
  }

  /// The image that steps use.
  var active: WeightImage {
    switch self {
    case .host(let image): image
    case .device(let replica, _): replica.memory.image
    }
  }

  /// The image on the host, where there is one.
  var hostImage: WeightImage? {
    switch self {
    case .host(let image): image
    case .device(_, let hostCopy): hostCopy
    }
  }

  /// The context that steps run on.
  func context(host: DeviceContext) -> DeviceContext {
    switch self {
    case .host: host
    case .device(let replica, _): replica.context
    }
  }
}

extension WeightImage {
  /// The files that segments of the image lie in, each once.
  var files: [MappedFile] {
    var seen: Set<ObjectIdentifier> = []
    return places.flatMap { place -> [MappedFile] in
      guard case .mapped(let files) = place else { return [] }
      return files.filter { seen.insert(ObjectIdentifier($0)).inserted }
    }
  }

  /// Throws unless every file is still the one that was mapped.
  func checkFilesUnchanged() throws(TensorError) {
    for file in files { try file.checkUnchanged() }
  }
}
