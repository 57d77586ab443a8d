#!/usr/bin/env python3
"""Measures others at the work that `ferry-bench host` and `ferry-bench models` measure on the CPU, under the same names.

    python3 host.py --weights .build/weights --sections coding linear llama upscale embed --json peers.json

bitsandbytes runs on the fastest path that it has: where the processor has AVX-512 BF16, eval mode packs 4-bit weights
for it and computes in bf16, whatever the activations are. Where it decodes the weight first (training mode, other
processors) the peer's name says so. Layers are cold: each run takes the next of so many copies that no cache holds them.
Results lie in memory that was used before, as Ferry's do: fresh pages for a large one can take ten times as long as the
result. llama.cpp runs with and without flash attention, and the faster counts; OpenBLAS gets its kernels of AVX-512.
What is not installed, or fails, is listed under "missing"; the exit status is 0 all the same.
"""

import argparse
import copy
import os
import sys

import encoder
import generation
import upscaling
from measuring import FOUR_BIT, Peers, four_bit_layer, int8_layer

SHAPES = {"full": [(4096, 4096), (11008, 4096)], "small": [(256, 512)]}
ROWS = {"full": [1, 16, 256], "small": [1, 16]}
CODED = {"full": (11008, 4096), "small": (256, 512)}
COLD_BYTES = {"full": 100_000_000, "small": 200_000}


def coding(peers):
    """Quantizing and dequantizing one large matrix, from and to f32 and bf16."""
    functional = peers.bnb.functional
    rows, columns = CODED[peers.options.scale]

    def add(verb, name, dtype, seconds):
        peers.add(f"{verb} {name} {rows}×{columns} {dtype}, of copy bandwidth", peers.bnb_name, seconds)

    def four_bit(name, dtype):
        kind, nested = FOUR_BIT[name]
        values = peers.random(rows, columns, dtype=peers.type(dtype))
        settings = dict(blocksize=64, quant_type=kind, compress_statistics=nested)
        packed, state = functional.quantize_4bit(values, **settings)
        add("quantize", name, dtype, peers.best(lambda: functional.quantize_4bit(values, **settings), 3))
        add("dequantize", name, dtype, peers.best(lambda: functional.dequantize_4bit(packed, state)))

    def int8(dtype):
        values = peers.random(rows, columns, dtype=peers.type(dtype))
        codes, statistics, _ = functional.int8_vectorwise_quant(values)
        add("quantize", "INT8", dtype, peers.best(lambda: functional.int8_vectorwise_quant(values), 3))
        output = lambda: functional.int8_vectorwise_dequant(codes, statistics).to(values.dtype)
        add("dequantize", "INT8", dtype, peers.best(output))

    def dynamic8(dtype):
        values = peers.random(rows, columns, dtype=peers.type(dtype))
        packed, state = functional.quantize_blockwise(values, blocksize=256)
        add("quantize", "dynamic8", dtype,
            peers.best(lambda: functional.quantize_blockwise(values, blocksize=256), 3))
        add("dequantize", "dynamic8", dtype, peers.best(lambda: functional.dequantize_blockwise(packed, state)))

    for dtype in ("f32", "bf16"):
        for name in FOUR_BIT:
            peers.attempt(f"quantize and dequantize {name} {dtype}", lambda: four_bit(name, dtype))
        peers.attempt(f"quantize and dequantize INT8 {dtype}", lambda: int8(dtype))
        peers.attempt(f"quantize and dequantize dynamic8 {dtype}", lambda: dynamic8(dtype))


def plain(peers):
    """torch's own products in bf16 and f32, and OpenBLAS's. Large ones in f32 are what quantized layers are held to."""

    def measure(dtype, n, k):
        layer = peers.torch.nn.Linear(k, n, False, dtype=peers.type(dtype)).eval()
        cells(peers, dtype, dtype, (n, k), layer, peers.torch_name)

    for shape in SHAPES[peers.options.scale]:
        for dtype in ("bf16", "f32"):
            peers.attempt(f"linear {dtype} {shape[0]}×{shape[1]}", lambda: measure(dtype, *shape))
        for rows in peers.options.rows or ROWS[peers.options.scale]:
            peers.attempt(f"numpy's f32 {shape[0]}×{shape[1]}", lambda: openblas(peers, rows, *shape))


def openblas(peers, rows, n, k):
    import numpy

    random = numpy.random.default_rng(0)
    copies = int(COLD_BYTES[peers.options.scale] // (4 * n * k)) + 1
    weights = [random.random((n, k), numpy.float32) for _ in range(copies)]
    values, result = random.random((rows, k), numpy.float32), numpy.empty((rows, n), numpy.float32)
    seconds, _ = peers.time(lambda i: numpy.dot(values, weights[i].T, out=result), copies)
    add_plain(peers, rows, n, k, f"numpy {numpy.__version__} with OpenBLAS", seconds)


def add_plain(peers, rows, n, k, peer, seconds):
    """A product in f32; a large one is the rate that quantized layers are held against."""
    peers.add(f"linear f32 {n}×{k}, M = {rows}", peer, seconds)
    if rows == 256:
        for quantized in ("NF4", "FP4", "INT8"):
            peers.add(f"linear {quantized} {n}×{k} f32, M = {rows}", f"{peer}, plain f32", seconds)


def four_bit(peers):
    """Linear4bit as it is used for inference, and in training mode, where it decodes the weight first."""

    def measure(name, n, k):
        layer = four_bit_layer(peers, n, k, *FOUR_BIT[name])
        packs = peers.bnb.functional.has_avx512bf16()
        peer = peers.bnb_name if packs else f"{peers.bnb_name} without AVX-512 BF16"
        for dtype in ("bf16", "f32"):
            # The first activations decide in which type a layer computes.
            layer.compute_dtype, layer.compute_type_is_set = None, False
            trained = copy.deepcopy(layer).train()
            cells(peers, name, dtype, (n, k), copy.deepcopy(layer), peer)
            if name == "NF4":
                cells(peers, name, dtype, (n, k), trained, f"{peers.bnb_name} in training mode")

    for shape in SHAPES[peers.options.scale]:
        for name in ("NF4", "FP4"):
            peers.attempt(f"linear {name} {shape[0]}×{shape[1]}", lambda: measure(name, *shape))


def eight_bit(peers):
    """Linear8bitLt with and without the search for outliers, and in training mode."""

    def measure(n, k):
        layer = int8_layer(peers, n, k)
        searching = copy.deepcopy(layer)
        layer.state.threshold = 0.0
        trained = copy.deepcopy(layer).train()
        for dtype in ("bf16", "f32"):
            cells(peers, "INT8", dtype, (n, k), layer, peers.bnb_name, also="LLM.int8 without threshold")
            cells(peers, "INT8", dtype, (n, k), trained, f"{peers.bnb_name} in training mode")
            cells(peers, "LLM.int8", dtype, (n, k), searching, peers.bnb_name)
            cells(peers, "LLM.int8 with outliers", dtype, (n, k), searching, peers.bnb_name)

    for shape in SHAPES[peers.options.scale]:
        peers.attempt(f"linear INT8 {shape[0]}×{shape[1]}", lambda: measure(*shape))


def cells(peers, name, dtype, shape, layer, peer, also=None):
    """One layer at every number of rows, with so many copies of it that they are cold; `also` is another name of it."""
    (n, k), scale = shape, peers.options.scale
    bytes_of = {"bf16": 2, "f32": 4}.get(name, 1 if "8" in name else 0.5625)
    copies = int(COLD_BYTES[scale] // (n * k * bytes_of)) + 1
    layers = [layer] + [copy.deepcopy(layer) for _ in range(copies - 1)]
    suffix = " f32" if dtype == "f32" and name != "f32" else ""
    for rows in peers.options.rows or ROWS[scale]:
        names = [f"linear {one} {n}×{k}{suffix}, M = {rows}" for one in (name, also) if one]

        def measure():
            values = peers.random(rows, k, dtype=peers.type(dtype))
            if "outliers" in name:
                values[:, ::k // 4] = 20  # Four columns.
            seconds, _ = peers.time(lambda i: layers[i](values), copies)
            if name == "f32":
                return add_plain(peers, rows, n, k, peer, seconds)
            for one in names:
                peers.add(one, peer, seconds)

        peers.attempt(f"{names[0]} by {peer}", measure)


SECTIONS = {
    "coding": ("bnb", coding), "plain": ("torch", plain), "four-bit": ("bnb", four_bit),
    "eight-bit": ("bnb", eight_bit), "llama": (None, generation.measure),
    "upscale": (None, upscaling.measure), "embed": ("torch", encoder.measure),
}


def keep_memory():
    """Starts this script again, once, with an allocator that keeps what is freed, in huge pages where there are any."""
    tunables = ("mmap_max=0", f"trim_threshold={1 << 40}", "hugetlb=1")
    if "GLIBC_TUNABLES" not in os.environ:
        os.environ["GLIBC_TUNABLES"] = ":".join(f"glibc.malloc.{one}" for one in tunables)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def prepare_openblas(threads):
    """Before numpy is imported: the kernels of AVX-512 where there is AVX-512, whatever the environment asks for."""
    os.environ["OPENBLAS_NUM_THREADS"] = str(threads)
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        if "avx512f" in file.read():
            os.environ["OPENBLAS_CORETYPE"] = "SKYLAKEX"


def main():
    keep_memory()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", choices=["full", "small"], default="full")
    parser.add_argument("--sections", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    parser.add_argument("--rows", nargs="+", type=int, help="rows of the activations (M)")
    parser.add_argument("--budget", type=float, default=0.2, help="seconds of one timing")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--weights", default=".build/weights", help="the folder of the real models")
    parser.add_argument("--json", help="write the results here instead of printing them")
    options = parser.parse_args()
    options.device = "cpu"
    prepare_openblas(options.threads)
    peers = Peers(options)
    if peers.torch:
        peers.torch.set_num_threads(options.threads)
    for section in options.sections:
        needed, body = SECTIONS[section]
        if needed is None or getattr(peers, needed) is not None:
            print(f"peers: {section}", file=sys.stderr, flush=True)
            peers.attempt(section, lambda: body(peers))
    peers.save()
    if not options.json:
        print(peers.text)
    for line in peers.missing:
        print(f"peers: missing: {line}", file=sys.stderr)


if __name__ == "__main__":
    main()
