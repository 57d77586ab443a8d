#!/usr/bin/env python3
"""Measures torch and bitsandbytes at the work that `ferry-bench` measures, under the same names.

    python3 gpu.py --device cuda:0 --json peers.json

The peers run alone: nothing of Ferry holds device memory meanwhile. Times are those of CUDA events around many runs of
a captured graph where the work can be captured, else around many launches; each run takes the next of so many copies of
the weight (200 MB and more) that no cache holds them, and payloads are quantized random numbers. `ferry-bench table
--peers peers.json` puts the figures beside Ferry's. What is not installed, or fails, is listed under "missing" with the
reason; the exit status is 0 all the same.
"""

import argparse
import copy
import sys

from measuring import FOUR_BIT, Peers, four_bit_layer, int8_layer

SECTIONS = ("copies", "coding", "linear", "moves")
SHAPES = {"full": [(4096, 4096), (11008, 4096), (8192, 28672)], "small": [(256, 512), (512, 256)]}
ROWS = {"full": [1, 2, 4, 8, 16, 64, 256, 1024, 2048, 4096], "small": [1, 8, 16, 64]}
CODED = {"full": (28672, 8192), "small": (256, 512)}
COLD_BYTES = {"full": 200_000_000, "small": 200_000}
COPY_BYTES = {"full": 1 << 30, "small": 16 << 20}
GIGABYTES = {"full": [1, 8, 40], "small": [0.02]}


def copies(peers):
    """Raw copies, of pinned and of pageable memory."""
    torch, size = peers.torch, COPY_BYTES[peers.options.scale]

    def measure(pinned):
        kind = "pinned" if pinned else "pageable"
        host = torch.empty(size, dtype=torch.uint8, pin_memory=pinned).fill_(1)
        device = torch.empty(size, dtype=torch.uint8, device=peers.device)
        upload = peers.best(lambda: device.copy_(host, non_blocking=True))
        download = peers.best(lambda: host.copy_(device, non_blocking=True))
        for name, seconds in (("upload", upload), ("download", download)):
            peers.add(f"raw {name}, {kind}", peers.torch_name, seconds, size / seconds / 1e9, "GB/s")

    if peers.is_cuda:
        peers.attempt("raw copies, pinned", lambda: measure(True))
    else:
        peers.missing.append("raw copies, pinned: the CPU pins nothing")
    peers.attempt("raw copies, pageable", lambda: measure(False))


def coding(peers):
    """Quantizing and dequantizing one large matrix."""
    if peers.bnb is None:
        return
    functional, (rows, columns) = peers.bnb.functional, CODED[peers.options.scale]

    def add(verb, name, seconds):
        figure = f"{verb} {name} {rows}×{columns} bf16, of copy bandwidth"
        peers.add(figure, peers.bnb_name, seconds)

    def four_bit(name):
        kind, nested = FOUR_BIT[name]
        values = peers.random(rows, columns)
        packed, state = functional.quantize_4bit(
            values, blocksize=64, quant_type=kind, compress_statistics=nested)
        add("quantize", name, peers.best(lambda: functional.quantize_4bit(
            values, blocksize=64, quant_type=kind, compress_statistics=nested)))
        seconds, _ = peers.time(lambda _: functional.dequantize_4bit(packed, state), 1)
        add("dequantize", name, seconds)

    def int8():
        values = peers.random(rows, columns, dtype=peers.torch.float16)
        codes, statistics, _ = functional.int8_vectorwise_quant(values)
        add("quantize", "INT8", peers.best(lambda: functional.int8_vectorwise_quant(values)))
        seconds, _ = peers.time(lambda _: functional.int8_vectorwise_dequant(codes, statistics), 1)
        add("dequantize", "INT8", seconds)

    for name in FOUR_BIT:
        peers.attempt(f"quantize and dequantize {name}", lambda name=name: four_bit(name))
    peers.attempt("quantize and dequantize INT8", int8)


def linear(peers):
    """Linear layers at every number of rows, with cold caches."""
    torch, scale = peers.torch, peers.options.scale

    def layer(name, n, k):
        """A maker of layers, their bytes, and the type of their activations."""
        if name == "bf16":
            return (lambda: torch.nn.Linear(k, n, False, device=peers.device, dtype=torch.bfloat16),
                    2 * n * k, torch.bfloat16)
        if name == "LLM.int8":
            return lambda: int8_layer(peers, n, k), n * k + 4 * n, torch.float16
        return lambda: four_bit_layer(peers, n, k, *FOUR_BIT[name]), n * k * 9 // 16, torch.bfloat16

    def measure(name, n, k):
        make, size, dtype = layer(name, n, k)
        layers = [make() for _ in range(COLD_BYTES[scale] // size + 1)]
        for rows in peers.options.rows or ROWS[scale]:
            peers.attempt(f"linear {name} {n}×{k}, M = {rows}", lambda: cell(name, n, k, rows, layers, dtype))

    def cell(name, n, k, rows, layers, dtype):
        values = peers.random(rows, k, dtype=dtype)
        seconds, note = peers.time(lambda i: layers[i](values), len(layers))
        peer = peers.torch_name if name == "bf16" else peers.bnb_name
        peers.add(f"linear {name} {n}×{k}, M = {rows}", peer, seconds, note=note)
        if name == "LLM.int8":  # bitsandbytes has no other way to multiply by an 8-bit weight.
            peers.add(f"linear INT8 {n}×{k}, M = {rows}", peer, seconds, note=f"LLM.int8, {note}")

    names = ["bf16"] + ([*FOUR_BIT, "LLM.int8"] if peers.bnb else [])
    for n, k in SHAPES[scale]:
        for name in names:
            peers.attempt(f"linear {name} {n}×{k}", lambda name=name, n=n, k=k: measure(name, n, k))


def dense_shapes(size):
    """The matrices of one layer of ferry-bench's dense model of so many bytes."""
    scale = 32 if size < 500e6 else 2 if size < 10e9 else 1
    hidden, inner, keys = 8192 // scale, 28672 // scale, 1024 // scale
    return [(hidden, hidden), (keys, hidden), (keys, hidden), (hidden, hidden),
            (inner, hidden), (inner, hidden), (hidden, inner)]


def moves(peers):
    """`.to()` of the modules of a whole model: all that torch and bitsandbytes have for it."""
    if peers.bnb is None:
        return
    torch = peers.torch

    def make(name, shape):
        if name == "bf16":
            return torch.nn.Linear(shape[1], shape[0], False, device=peers.device, dtype=torch.bfloat16)
        if name == "INT8":
            return int8_layer(peers, *shape)
        return four_bit_layer(peers, *shape, *FOUR_BIT[name])

    def module_bytes(name, shape):
        count = shape[0] * shape[1]
        return {"bf16": 2 * count, "INT8": count + 4 * shape[0]}.get(name, count * 9 // 16)

    def model(name, size):
        """Layers until the size is reached; all but the first are copies."""
        first = torch.nn.ModuleList(make(name, shape) for shape in dense_shapes(size))
        per_layer = sum(module_bytes(name, shape) for shape in dense_shapes(size))
        layers = [first] + [copy.deepcopy(first) for _ in range(-(-int(size) // per_layer) - 1)]
        return torch.nn.ModuleList(layers)

    def measure(name, gigabytes):
        if peers.is_cuda and gigabytes * 1e9 > 0.9 * torch.cuda.mem_get_info(peers.device)[0]:
            raise MemoryError(f"{gigabytes} GB do not fit into the device")
        whole = model(name, gigabytes * 1e9)
        downloads, uploads = [], []
        for _ in range(3):
            downloads.append(peers.best(lambda: whole.to("cpu"), rounds=1))
            uploads.append(peers.best(lambda: whole.to(peers.device), rounds=1))
        what = f"{gigabytes:g} GB {name}, dense"
        peer = f"{peers.torch_name if name == 'bf16' else peers.bnb_name} .to()"
        for figure in ("park, released", "download"):  # Its way of parking is a download.
            peers.add(f"{figure}, {what}", peer, min(downloads))
        peers.add(f"upload, {what}", peer, min(uploads))

    for gigabytes in peers.options.sizes or GIGABYTES[peers.options.scale]:
        for name in ["NF4", "nested NF4", "INT8", "bf16"]:
            peers.attempt(f".to() of {gigabytes} GB {name}", lambda: measure(name, gigabytes))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cuda:0", help="cuda:0, or cpu for a trial")
    parser.add_argument("--scale", choices=["full", "small"], default="full")
    parser.add_argument("--sections", nargs="+", choices=SECTIONS, default=SECTIONS)
    parser.add_argument("--rows", nargs="+", type=int, help="rows of the activations (M)")
    parser.add_argument("--sizes", nargs="+", type=float, help="sizes of the moved models in GB")
    parser.add_argument("--budget", type=float, default=0.2, help="seconds of one timing")
    parser.add_argument("--json", help="write the results here instead of printing them")
    options = parser.parse_args()
    peers = Peers(options)
    if peers.device is not None:
        for section in SECTIONS:
            if section in options.sections:
                print(f"peers: {section}", file=sys.stderr, flush=True)
                {"copies": copies, "coding": coding, "linear": linear, "moves": moves}[section](peers)
        peers.missing.append("decoding and peer copies: nothing comparable is measured")
    peers.save()
    if not options.json:
        print(peers.text)
    for line in peers.missing:
        print(f"peers: missing: {line}", file=sys.stderr)


if __name__ == "__main__":
    main()
