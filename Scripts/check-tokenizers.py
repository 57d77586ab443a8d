#!/usr/bin/env python3
"""Compares `ferry tokenize` with the package `tokenizers` on every Unicode scalar, in several surroundings.

    pip install tokenizers==0.23.3
    Scripts/check-tokenizers.py [--ferry .build/release/ferry] [--step N] [NAME …]

The tokenizers are made here: each kind of normalizing and cutting over a vocabulary of all pairs of bytes, whose
tokens tell what was cut where. `--step N` takes every Nth scalar. Prints the scalars that differ, and fails if
there are any; all of it takes a quarter of an hour with a release build.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers import pre_tokenizers as pre

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "fixtures"))
import tokenization  # noqa: E402

SURROUNDINGS = ["a{}b", "A{}1", " {}' ", "\n{}s", "e{}\u0301\u0323", "\u1100{}\u11a8", "\u4e00{}{}", "Q{}Q", ".{}'s"]
# An argument of a command is at most 128 KiB.
MOST_BYTES = 100_000


def byte_pairs():
    alphabet = {}
    others = 0
    for byte in range(256):
        if 33 <= byte <= 126 or 161 <= byte <= 172 or byte >= 174:
            alphabet[byte] = chr(byte)
        else:
            alphabet[byte] = chr(256 + others)
            others += 1
    vocabulary = {alphabet[b]: b for b in range(256)}
    merges = [(alphabet[a], alphabet[b]) for a in range(256) for b in range(256)]
    for pair in merges:
        vocabulary["".join(pair)] = len(vocabulary)
    return models.BPE(vocabulary, merges)


def split(*expressions):
    return [pre.Split(Regex(e), "isolated") for e in expressions]


def bert(lowercase):
    return normalizers.BertNormalizer(lowercase=lowercase), [pre.BertPreTokenizer()]


KINDS = {
    "gpt2": (None, split(tokenization.GPT2)), "llama3": (None, split(tokenization.LLAMA3)),
    "qwen2": (normalizers.NFC(), split(tokenization.QWEN2)), "tekken": (None, split(tokenization.TEKKEN)),
    "o200k": (None, split(tokenization.O200K)), "deepseek": (None, split(*tokenization.DEEPSEEK)),
    "digits": (None, [pre.Digits(individual_digits=False)]), "uncased": bert(True), "cased": bert(False),
    "word": (None, split(tokenization.GPT2)), "strip": (None, split(tokenization.GPT2)),
}


def tokenizer(name):
    normalizer, steps = KINDS[name]
    result = Tokenizer(byte_pairs())
    if normalizer:
        result.normalizer = normalizer
    result.pre_tokenizer = pre.Sequence(steps + [pre.ByteLevel(add_prefix_space=False, use_regex=False)])
    result.decoder = decoders.ByteLevel()
    if name in ("word", "strip"):
        result.add_tokens([AddedToken(
            "Q", normalized=False, single_word=name == "word", lstrip=name == "strip", rstrip=name == "strip")])
    return result


def batches(scalars, surrounding):
    """Scalars whose texts together are one argument."""
    batch, size = [], 0
    for scalar in scalars:
        width = len(surrounding.replace("{}", chr(scalar)).encode())
        if size + width > MOST_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(scalar)
        size += width
    yield batch


def differing(run, reference, batch, surrounding):
    """The scalars of a batch that make a difference."""
    text = "".join(surrounding.replace("{}", chr(c)) for c in batch)
    if run(text) == reference.encode(text, add_special_tokens=False).ids:
        return []
    if len(batch) == 1:
        return batch
    half = len(batch) // 2
    # Where neither half differs by itself it takes both.
    return (differing(run, reference, batch[:half], surrounding)
            + differing(run, reference, batch[half:], surrounding)) or batch[half - 1:half + 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ferry", default=".build/release/ferry")
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(KINDS)}")
    options = parser.parse_args()
    # An argument holds no zero; batches with lines of "-" are no options behind "--".
    scalars = [c for c in range(1, 0x110000, options.step) if not 0xd800 <= c < 0xe000]
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "tokenizer.json"
        for name in options.names or KINDS:
            reference = tokenizer(name)
            reference.save(str(path))

            def run(text):
                process = subprocess.run(
                    [options.ferry, "tokenize", str(path), "--json", "--", text], capture_output=True, check=True)
                return json.loads(process.stdout)["ids"]

            found = {c for s in SURROUNDINGS for b in batches(scalars, s) for c in differing(run, reference, b, s)}
            failures += len(found)
            print(f"{name}: {len(scalars)} scalars in {len(SURROUNDINGS)} surroundings, {len(found)} differ",
                  *(f"U+{c:04X}" for c in sorted(found)[:20]), flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
