// swift-tools-version: 6.3
import PackageDescription

/// Settings of every Swift target. Each upcoming feature is a future default of the language; see
/// the numbered proposal for what it changes.
let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),  // SE-0335
  .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409: imports show what the API needs
  .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
  .treatAllWarnings(as: .error, .when(configuration: .debug)),
]

/// Settings of an executable: nobody imports it, so its imports need no access levels.
let executableSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error, .when(configuration: .debug)),
]

/// A library target: the walls of the design. What is not listed in `imports` cannot be imported.
func wall(_ name: String, imports: [String], libraries: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: imports.map { .byName(name: $0) } + libraries,
    swiftSettings: swiftSettings)
}

/// The tests of one target, mirroring its sources.
func tests(
  of name: String, with others: [String] = [], libraries: [Target.Dependency] = [],
  excluding: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: ([name] + others).map { .byName(name: $0) } + libraries,
    exclude: excluding, swiftSettings: swiftSettings)
}

let package = Package(
  name: "ferry",
  products: [
    .library(name: "Ferry", targets: ["Ferry"]),
    .library(name: "FerryDevices", targets: ["FerryDevices"]),
    .library(name: "FerryDeviceTesting", targets: ["FerryDeviceTesting"]),
    .executable(name: "ferry", targets: ["ferry"]),
    // For tests: a process that finds it as libcuda.so.1 runs on the driver double.
    .library(
      name: "FerryDriverDoubleLibrary", type: .dynamic, targets: ["FerryDriverDoubleLibrary"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.7.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    // C: driver tables, renames and the removal of temporaries, kernel sources, SIMD kernels.
    .target(name: "CDrivers"),
    .target(name: "CFiles"),
    .target(
      name: "CDeviceKernels",
      exclude: ["README.md", "prelude", "primitives", "operations", "conformance", "images"]),
    .target(name: "CHostKernels"),
    .target(name: "CPNG"),
    .target(name: "CRoofs"),
    .target(name: "CAllocations"),

    // C: signal handlers, for truncated mapped files and for the end of the process.
    .target(name: "CMappedFaults"),
    .target(name: "CEnds", dependencies: ["CFiles"]),

    // Two roots: what bytes mean, and where bytes live.
    wall("FerryFormats", imports: []),
    wall("FerryDevices", imports: []),
    wall("FerryCUDA", imports: ["FerryDevices", "CDrivers", "CDeviceKernels"]),
    wall("FerryOpenCL", imports: ["FerryDevices", "CDrivers", "CDeviceKernels"]),
    wall("FerryCheckpoints", imports: ["FerryFormats", "CFiles"]),
    wall("FerryImages", imports: ["CPNG"]),

    // Their meeting point, and what is built on it.
    wall("FerryTensors", imports: ["FerryFormats", "FerryDevices", "CMappedFaults"]),
    wall(
      "FerryOperations",
      imports: ["FerryFormats", "FerryDevices", "FerryTensors", "CHostKernels", "CDeviceKernels"]),
    wall(
      "FerryModels",
      imports: [
        "FerryFormats", "FerryDevices", "FerryTensors", "FerryOperations", "FerryCheckpoints",
        "FerryImages",
      ]),
    wall(
      "FerryResidency", imports: ["FerryFormats", "FerryDevices", "FerryTensors"],
      libraries: [.product(name: "Metrics", package: "swift-metrics")]),

    // The public face, and the suite any backend must pass.
    wall(
      "Ferry",
      imports: [
        "FerryFormats", "FerryDevices", "FerryCUDA", "FerryOpenCL", "FerryCheckpoints",
        "FerryTensors", "FerryOperations", "FerryModels", "FerryResidency", "FerryImages",
      ], libraries: [.product(name: "Yams", package: "Yams")]),
    .executableTarget(
      name: "ferry",
      dependencies: [
        "Ferry", "CEnds", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: executableSettings),
    .executableTarget(
      name: "MoveAModel", dependencies: ["Ferry"], path: "Examples/MoveAModel",
      swiftSettings: executableSettings),
    .executableTarget(
      name: "ferry-bench",
      dependencies: [
        "Ferry", "FerryCheckpoints", "FerryFormats", "FerryDevices", "FerryTensors",
        "FerryOperations", "FerryModels", "FerryResidency", "FerryDeviceTesting", "CRoofs",
        "CAllocations",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: executableSettings),
    wall(
      "FerryDeviceTesting",
      imports: [
        "FerryFormats", "FerryDevices", "FerryTensors", "FerryOperations", "FerryCUDA",
        "FerryOpenCL", "CDeviceKernels",
      ]),
    wall(
      "FerryDriverDouble",
      imports: [
        "FerryFormats", "FerryDevices", "FerryTensors", "FerryOperations", "CDrivers",
        "CDeviceKernels",
      ]),
    wall("FerryDriverDoubleLibrary", imports: ["FerryDriverDouble", "CDrivers"]),

    tests(of: "FerryFormats", excluding: ["Fixtures"]),
    tests(of: "FerryDevices", with: ["FerryOpenCL", "FerryDeviceTesting"]),
    tests(
      of: "FerryCUDA",
      with: [
        "FerryFormats", "FerryDevices", "FerryTensors", "FerryOperations", "FerryResidency",
        "FerryModels", "FerryCheckpoints", "FerryDeviceTesting", "FerryDriverDouble",
        "CDrivers", "CDeviceKernels", "Ferry",
      ]),
    tests(of: "FerryCheckpoints", with: ["FerryFormats"], excluding: ["Fixtures"]),
    tests(of: "FerryImages", excluding: ["Fixtures"]),
    tests(of: "FerryTensors", with: ["FerryFormats", "FerryDevices"]),
    tests(
      of: "FerryOperations",
      with: [
        "FerryFormats", "FerryDevices", "FerryTensors", "FerryOpenCL", "FerryDeviceTesting",
        "CDeviceKernels",
      ]),
    tests(
      of: "FerryModels",
      with: [
        "FerryFormats", "FerryDevices", "FerryTensors", "FerryOperations", "FerryCheckpoints",
        "FerryOpenCL", "FerryResidency", "FerryDeviceTesting", "FerryImages",
      ], excluding: ["Fixtures"]),
    tests(
      of: "FerryResidency",
      with: ["FerryFormats", "FerryDevices", "FerryTensors", "FerryOpenCL", "FerryDeviceTesting"],
      libraries: [
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "MetricsTestKit", package: "swift-metrics"),
      ]),
    .testTarget(
      name: "FerryBenchTests", dependencies: ["ferry-bench", "FerryFormats", "CAllocations"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "FerryTests",
      dependencies: [
        "Ferry", "FerryDevices", "FerryResidency", "FerryDeviceTesting", "ferry", "MoveAModel",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x
)

// With FERRY_TESTS_OF="FerryResidency FerryModels" only those targets' tests are built, and what they need: the
// sanitizers' builds are short that way, and without the counted allocations that they do not bear.
if let names = Context.environment["FERRY_TESTS_OF"] {
  var needed = names.split(separator: " ").map { "\($0)Tests" }
  var kept: Set<String> = []
  while let next = needed.popLast() {
    guard kept.insert(next).inserted else { continue }
    for case .byNameItem(let name, _) in package.targets.first(where: { $0.name == next })?
      .dependencies ?? []
    {
      needed.append(name)
    }
  }
  package.targets.removeAll { !kept.contains($0.name) }
  package.products = []
}
