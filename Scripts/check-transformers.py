#!/usr/bin/env python3
"""Checks that what Ferry writes loads in transformers + bitsandbytes with the same weights.

    pip install -r Scripts/fixtures/requirements.txt
    ferry quantize MODEL -o QUANTIZED --format nf4 --double-quant
    ferry dequantize QUANTIZED -o DEQUANTIZED --dtype f32
    python Scripts/check-transformers.py QUANTIZED DEQUANTIZED

QUANTIZED is loaded by transformers, each of its quantized layers is decoded by bitsandbytes, and every
weight is compared with the tensor of the same name in DEQUANTIZED, which Ferry decoded. Prints the
largest difference for each class of layer; exits 1 if any weight differs, is missing on either side, or
if no layer is quantized. +0 and -0 are equal.

Matrices whose rows are not of whole blocks are decoded here by the formula (code · absmax of the flat
block), for on CPUs with AVX-512 bitsandbytes takes the absmax of another block for these.
"""

import argparse
import copy
import os
import pathlib
import sys

os.environ["TORCHDYNAMO_DISABLE"] = "1"

import bitsandbytes as bnb  # noqa: E402
import torch  # noqa: E402
from safetensors import safe_open  # noqa: E402
from transformers import AutoModelForCausalLM  # noqa: E402


def absmax_of(state):
    """One f32 a block, nested statistics decoded."""
    if not state.nested:
        return state.absmax
    inner = state.state2
    blocks = torch.arange(state.absmax.numel()) // inner.blocksize
    return inner.code[state.absmax.long()] * inner.absmax[blocks] + state.offset


def decode_by_formula(packed, state):
    codes = packed.reshape(-1).view(torch.uint8).long()
    nibbles = torch.stack((codes >> 4, codes & 15), 1).reshape(-1)[: state.shape.numel()]
    blocks = torch.arange(nibbles.numel()) // state.blocksize
    return (state.code[nibbles] * absmax_of(state)[blocks]).reshape(state.shape)


def decode(module):
    """The weight of a quantized layer in f32."""
    weight = module.weight
    if isinstance(module, bnb.nn.Linear8bitLt):
        statistics = weight.SCB if weight.SCB is not None else module.state.SCB
        return bnb.functional.int8_vectorwise_dequant(weight.data, statistics)
    state = copy.copy(weight.quant_state)
    state.dtype = torch.float32
    if state.shape[-1] % state.blocksize:
        return decode_by_formula(weight.data, state)
    return bnb.functional.dequantize_4bit(weight.data, state)


def weights_of(model):
    """Name, class and values in f32 of everything that a checkpoint holds, tied weights once."""
    quantized = set()
    for name, module in model.named_modules():
        if isinstance(module, (bnb.nn.Linear4bit, bnb.nn.Linear8bitLt)):
            quantized.add(f"{name}.weight")
            yield f"{name}.weight", type(module).__name__, decode(module)
    for name, parameter in model.named_parameters():
        if name not in quantized:
            yield name, "plain", parameter.detach().float()


def tensors_of(folder):
    tensors = {}
    for file in sorted(pathlib.Path(folder).glob("*.safetensors")):
        with safe_open(file, "pt") as opened:
            tensors |= {name: opened.get_tensor(name) for name in opened.keys()}
    return tensors


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("quantized")
    parser.add_argument("dequantized")
    arguments = parser.parse_args()
    model = AutoModelForCausalLM.from_pretrained(
        arguments.quantized, device_map="cpu", dtype="auto"
    )
    tensors = tensors_of(arguments.dequantized)
    failures, largest, counts = [], {}, {}
    for name, kind, values in weights_of(model):
        ours = tensors.pop(name, None)
        if ours is None:
            failures.append(f"{name} is not in {arguments.dequantized}")
            continue
        if ours.shape != values.shape:
            failures.append(f"{name} has the shape {list(ours.shape)}, not {list(values.shape)}")
            continue
        difference = (ours.float() - values.to(ours.dtype).float()).abs().max().item()
        counts[kind] = counts.get(kind, 0) + 1
        largest[kind] = max(largest.get(kind, 0.0), difference)
        if difference != 0:
            failures.append(f"{name} ({kind}) differs by {difference:g}")
    failures += [f"{name} is not in the model" for name in tensors]
    if not any(kind != "plain" for kind in counts):
        failures.append(f"no layer of {arguments.quantized} is quantized")
    for kind, count in sorted(counts.items()):
        print(f"{kind}: {count} weights, largest difference {largest[kind]:g}")
    for failure in failures:
        print("FAILED:", failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
