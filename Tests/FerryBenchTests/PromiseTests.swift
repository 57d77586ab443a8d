import Testing

@testable import ferry_bench

/// What Ferry promises on the CPU, by the names of figures and peers.
@Suite struct PromiseTests {
  private func promise(_ name: String, by peer: String, on device: String? = "cpu") -> Double? {
    let entry = PeerReport.Entry(
      name: name, peer: peer, seconds: 1, value: nil, unit: "", note: nil)
    return Promise(Figure(name, 1, "", .atLeast, seconds: 1), entry, on: device)?.least
  }

  @Test(arguments: [
    ("quantize FP4 11008×4096 f32, of copy bandwidth", "bitsandbytes 0.50.2", 20.0),
    ("dequantize INT8 11008×4096 bf16, of copy bandwidth", "bitsandbytes 0.50.2", 2),
    ("linear NF4 4096×4096, M = 256", "bitsandbytes 0.50.2", 1),
    ("linear LLM.int8 with outliers 4096×4096 f32, M = 1", "bitsandbytes 0.50.2", 1),
    ("linear NF4 4096×4096, M = 1", "bitsandbytes 0.50.2 in training mode", 5),
    ("linear NF4 4096×4096 f32, M = 16", "bitsandbytes 0.50.2 without AVX-512 BF16", 2.5),
    ("linear INT8 4096×4096, M = 256", "bitsandbytes 0.50.2 in training mode", 1),
    ("linear INT8 4096×4096 f32, M = 16", "bitsandbytes 0.50.2", 1),
    ("linear LLM.int8 without threshold 4096×4096, M = 256", "bitsandbytes 0.50.2", 1),
    ("linear INT8 4096×4096 f32, M = 256", "torch 2.13.0+cpu, plain f32", 0.9),
    ("decode, SmolLM2-135M in INT8 on cpu", "llama.cpp Q4_1", 1),
    ("prefill, SmolLM2-135M in NF4 on cpu", "llama.cpp Q4_1", 1.5),
    ("embed 256 sentences by all-MiniLM-L6-v2 in bf16 on cpu", "torch 2.13.0+cpu", 1),
    ("upscale 64×64 by realesrgan-x4plus on cpu", "ncnn 1.0", 1),
  ])
  func ofTheHost(_ name: String, _ peer: String, _ least: Double) {
    #expect(promise(name, by: peer) == least)
  }

  @Test(arguments: [
    ("quantize dynamic8 11008×4096 f32, of copy bandwidth", "bitsandbytes 0.50.2"),
    ("linear bf16 4096×4096, M = 1", "torch 2.13.0+cpu"),
    ("linear INT8 4096×4096, M = 256", "bitsandbytes 0.50.2"),
    ("linear NF4 4096×4096 f32, M = 1", "bitsandbytes 0.50.2"),
    ("decode, SmolLM2-135M in INT8 on cpu", "torch 2.13.0+cpu"),
  ])
  func nothing(_ name: String, _ peer: String) { #expect(promise(name, by: peer) == nil) }

  @Test func otherDevicesHaveTheirOwn() {
    let name = "linear NF4 4096×4096, M = 1"
    #expect(promise(name, by: "bitsandbytes 0.50.2", on: "NVIDIA H100") == 1.5)
    #expect(promise("quantize NF4 1×1", by: "bitsandbytes 0.50.2", on: "NVIDIA H100") == nil)
  }
}
