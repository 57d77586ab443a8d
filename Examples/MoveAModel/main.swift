import Ferry

let engine = Engine()
let path = CommandLine.arguments.dropFirst().first ?? "smollm2-nf4"
let devices = try engine.devices().map(\.device)
let target = devices.first { $0 != .cpu } ?? .cpu

let model = try await engine.load(path)  // mapped: nothing is copied
let before = try await model.weights.checksums()

try await model.to(target)  // one upload
for try await text in model.stream("What is the capital of France?") {
  print(text, terminator: "")
}
let there = try await model.weights.checksums()  // computed on the device

try await model.to(.cpu)  // free: the host copy stayed
let after = try await model.weights.checksums()
print("\n\(target): \(before == there && there == after ? "not a bit changed" : "damaged")")
