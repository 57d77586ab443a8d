"""What the scripts of the peers share: timing, layers of bitsandbytes, and the file of results."""

import gc
import json
import logging
import time

# Ferry's names of the 4-bit formats, and bitsandbytes' type and nesting.
FOUR_BIT = {"NF4": ("nf4", False), "nested NF4": ("nf4", True), "FP4": ("fp4", False)}


class Peers:
    """What is installed, and what has been measured of it."""

    def __init__(self, options):
        self.options = options
        self.entries = []
        self.missing = []
        logging.disable(logging.WARNING)  # bitsandbytes logs casts at every call.
        self.torch = self.load("torch")
        self.bnb = self.load("bitsandbytes") if self.torch else None
        self.device = self.open()

    def load(self, name):
        try:
            return __import__(name)
        except Exception as error:  # An installation may fail in any way while it is imported.
            self.missing.append(f"everything of {name}: {type(error).__name__}: {error}")
            return None

    def open(self):
        if self.torch is None:
            return None
        device = self.torch.device(self.options.device)
        if device.type == "cuda" and not self.torch.cuda.is_available():
            self.missing.append("everything: torch finds no CUDA device")
            return None
        return device

    @property
    def is_cuda(self):
        return self.device is not None and self.device.type == "cuda"

    def add(self, name, peer, seconds=None, value=None, unit="", note=None):
        self.entries.append(
            {"name": name, "peer": peer, "seconds": seconds, "value": value, "unit": unit, "note": note})

    def attempt(self, what, body):
        """Runs one measurement; a failure is noted, and the others go on."""
        try:
            body()
        except Exception as error:
            text = str(error).strip().splitlines()
            self.missing.append(f"{what}: {type(error).__name__}: {text[0] if text else ''}")
        gc.collect()
        if self.is_cuda:
            self.torch.cuda.empty_cache()
        self.save()

    def save(self):
        """Writes what there is so far: whoever stops this half-way keeps it."""
        if self.options.json:
            with open(self.options.json, "w", encoding="utf-8") as file:
                file.write(self.text + "\n")

    @property
    def text(self):
        device = self.torch.cuda.get_device_name(self.device) if self.is_cuda else None
        if self.options.device == "cpu":
            device = "cpu"
        return json.dumps(
            {"device": device, "entries": self.entries, "missing": self.missing}, indent=2, ensure_ascii=False)

    def synchronize(self):
        if self.is_cuda:
            self.torch.cuda.synchronize(self.device)

    def best(self, body, rounds=5):
        """The shortest of some runs, in seconds, each waited for."""
        times = []
        for _ in range(rounds):
            self.synchronize()
            start = time.perf_counter()
            body()
            self.synchronize()
            times.append(time.perf_counter() - start)
        return min(times)

    # Many runs for one wait.

    def time(self, run, copies):
        """Seconds of one run of `run(copy)`, and how runs were started."""
        with self.torch.inference_mode():
            for index in range(copies):
                run(index)
            self.synchronize()
            turns = -(-64 // copies)
            graph = self.captured(lambda: [run(i % copies) for i in range(turns * copies)])
            if graph is not None:
                return self.median(graph.replay, turns * copies), "from a graph"
            return self.median(lambda: [run(i) for i in range(copies)], copies), "launch by launch"

    def captured(self, body):
        if not self.is_cuda:
            return None
        torch = self.torch
        try:
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                body()
            graph.replay()
            torch.cuda.synchronize(self.device)
            return graph
        except Exception:  # What waits for the device inside cannot be captured.
            torch.cuda.synchronize(self.device)
            return None

    def median(self, turn, runs):
        once = self.turns(turn, 1)
        if once >= self.options.budget:
            return once / runs
        count = max(1, int(self.options.budget / 5 / max(once, 1e-7)))
        times = sorted(self.turns(turn, count) for _ in range(5))
        return times[2] / (count * runs)

    def turns(self, turn, count):
        if not self.is_cuda:
            start = time.perf_counter()
            for _ in range(count):
                turn()
            return time.perf_counter() - start
        torch = self.torch
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        for _ in range(count):
            turn()
        end.record()
        end.synchronize()
        return start.elapsed_time(end) / 1e3

    def type(self, name):
        return {"f32": self.torch.float32, "bf16": self.torch.bfloat16}[name]

    def random(self, *shape, dtype=None):
        return self.torch.randn(*shape, device=self.device, dtype=dtype or self.torch.bfloat16)

    @property
    def torch_name(self):
        return f"torch {self.torch.__version__}"

    @property
    def bnb_name(self):
        return f"bitsandbytes {self.bnb.__version__}"


def four_bit_layer(peers, n, k, kind, nested):
    layer = peers.bnb.nn.Linear4bit(
        k, n, bias=False, compute_dtype=peers.torch.bfloat16, compress_statistics=nested,
        quant_type=kind)
    weight = peers.torch.randn(n, k, dtype=peers.torch.bfloat16)
    layer.weight = peers.bnb.nn.Params4bit(
        weight, requires_grad=False, quant_type=kind, compress_statistics=nested)
    return layer.to(peers.device).eval()


def int8_layer(peers, n, k):
    layer = peers.bnb.nn.Linear8bitLt(k, n, bias=False, has_fp16_weights=False, threshold=6.0)
    weight = peers.torch.randn(n, k, dtype=peers.torch.float16)
    layer.weight = peers.bnb.nn.Int8Params(weight, requires_grad=False, has_fp16_weights=False)
    return layer.to(peers.device).eval()
