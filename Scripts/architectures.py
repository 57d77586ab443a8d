#!/usr/bin/env python3
"""Writes down which weights of each model class of transformers are those of linear layers.

    pip install -r Scripts/fixtures/requirements.txt
    python Scripts/architectures.py > Sources/FerryModels/Architectures/ArchitectureTable+Lines.swift

Every class of transformers' auto classes is built from its default configuration on the meta device, which
takes no memory. What bitsandbytes would replace in it (`nn.Linear` itself and `Conv1D`), what transformers
leaves plain (tied weights, output embeddings, the last module, modules kept in f32), and how a checkpoint calls
each weight are asked of transformers' own functions. Numbers in names become `*`. Classes that cannot be built
from their defaults, or without further libraries, are left out. Takes ten minutes.

A block a model type; `Sources/FerryModels/Architectures/ArchitectureTable.swift` reads it:

    @ model_type | prefixes of the base model | classes
    q PARENT LEAF…    quantized; `c` at its end: stored transposed (Conv1D)
    x PARENT LEAF…    quantized, but transformers leaves some of them plain unless it is given a list
    h PARENT LEAF…    stays plain and has to be listed: a head, a gate, what transformers treats unevenly
    m PARENT LEAF…    made of other tensors when it is loaded: stays plain and has to be listed, stored or not
    d PARENT LEAF…    stays plain, and transformers leaves it plain by itself
    o PARENT LEAF…    a matrix of no linear layer: an embedding, an expert's slice
    = STORED RUNNING  how names begin that checkpoints store otherwise: as far as they differ
    t NAME CLASS…     a head that transformers leaves plain in these classes, whether it is stored or tied
    & MODEL_TYPE      the lines of these kinds are those of another type
    ! CLASS…          classes whose experts are taken apart when they are loaded quantized
"""

import argparse
import collections
import json
import logging
import os
import re
import signal
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import torch  # noqa: E402
import transformers  # noqa: E402
from torch import nn  # noqa: E402
from transformers.conversion_mapping import get_model_conversion_mapping  # noqa: E402
from transformers.core_model_loading import (  # noqa: E402
    WeightConverter,
    apply_converters,
    revert_weight_conversion,
)
from transformers.initialization import no_init_weights  # noqa: E402
from transformers.models.auto import modeling_auto  # noqa: E402
from transformers.pytorch_utils import Conv1D  # noqa: E402
from transformers.quantizers.base import (  # noqa: E402
    MODULES_TO_PATCH_FOR_QUANTIZATION,
    HfQuantizer,
)
from transformers.quantizers.quantizers_utils import should_convert_module  # noqa: E402

LABELS = 7  # no extent of any default configuration
SECONDS = 120
# What some default configurations leave open, by model types.
OPEN = {
    "esm": {"vocab_size": 33},
    "hunyuan_v1_dense": {"head_dim": 128},
    "hunyuan_v1_moe": {"head_dim": 128},
    "ministral": {"head_dim": 128},
    "nemotron": {"num_key_value_heads": 8},
}
# Options that give models of a type further layers: each class is built with them as well.
VARIANTS = {
    "dinov2": {"use_swiglu_ffn": True},
    "dinov2_with_registers": {"use_swiglu_ffn": True},
    "gpt2": {"add_cross_attention": True},
}
# Classes that are in no auto class.
FURTHER = {"GPT2DoubleHeadsModel", "OpenAIGPTDoubleHeadsModel"}


def class_names():
    names = set(FURTHER)
    for attribute in dir(modeling_auto):
        if attribute.startswith("MODEL") and attribute.endswith("_MAPPING_NAMES"):
            for value in getattr(modeling_auto, attribute).values():
                names |= set(value) if isinstance(value, (list, tuple)) else {value}
    return sorted(name for name in names if name)


def numbered(name):
    return ".".join("*" if part.isdigit() else part for part in name.split("."))


def configuration(cls, tied, options):
    made = cls.config_class(**OPEN.get(cls.config_class.model_type, {}), **options)
    # Two labels are all that some classes answer questions with.
    made.num_labels = 2 if cls.__name__.endswith("QuestionAnswering") else LABELS
    for section in {id(c): c for c in (made, made.get_text_config())}.values():
        section.tie_word_embeddings = tied
    return made


def loading_conversions(model):
    """What computes weights from what is stored when they are loaded, instead of only renaming them."""
    mapping = get_model_conversion_mapping(model, add_legacy=False)
    return [m.reverse_transform() for m in mapping if isinstance(m, WeightConverter)]


def survey(cls, tied, options):
    """Kinds of the linear layers of a class, by names with their numbers."""
    with torch.device("meta"), no_init_weights():
        model = cls(configuration(cls, tied, options))
    kept = model._keep_in_fp32_modules
    usual = HfQuantizer.get_modules_to_not_convert(model, None, kept)
    always = HfQuantizer.get_modules_to_not_convert(model, [], kept)
    base, weights = cls.base_model_prefix, model.state_dict()
    linear = {}
    for name, module in model.named_modules():
        if not isinstance(module, Conv1D) and type(module) is not nn.Linear:
            continue
        transposed = isinstance(module, Conv1D)
        rows = module.weight.shape[1] if transposed else module.out_features
        outside = hasattr(model, base) and not name.startswith(base + ".")
        # Heads, and gates and scores of one or two numbers: nothing is to be saved, much to be lost.
        is_head = rows in (1, 2) or (outside and rows == LABELS and "*" not in numbered(name))
        if not should_convert_module(name, always) or not should_convert_module(name, usual):
            kind = "d"
        else:
            kind = "h" if is_head else "q"
        linear[name] = kind + ("c" if transposed else "")
    return model, base, weights, linear


def stored_names(model, weights, linear):
    """What checkpoints call the linear weights and all matrices, and which linear weights they hold otherwise."""
    renamed, changed, seen = {}, set(), set()
    conversions = loading_conversions(model)
    for name in linear:
        pattern = numbered(name)
        if pattern in seen:
            continue
        seen.add(pattern)
        key = f"{name}.weight"
        if apply_converters(key, conversions)[1] is not None:
            changed.add(pattern)
            continue
        stored = list(revert_weight_conversion(model, {key: weights[key]}))
        if len(stored) != 1 or not stored[0].endswith(".weight"):
            changed.add(pattern)
        elif stored[0] != key:
            renamed[numbered(stored[0].removesuffix(".weight"))] = pattern
    try:
        everything = {**weights, **revert_weight_conversion(model, dict(weights))}
    except Exception:
        everything = weights
    matrices = {
        numbered(name.removesuffix(".weight"))
        for name, weight in everything.items()
        if name.endswith(".weight") and weight.ndim == 2
    }
    return renamed, changed, matrices


def renaming(stored, running):
    """Two names without the components at their ends that are the same; `-` for nothing."""
    one, other = stored.split("."), running.split(".")
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return ".".join(one) or "-", ".".join(other) or "-"


class Type:
    """What is known of a model type from all its classes, by whole names until they are written down."""

    def __init__(self):
        self.classes, self.bases, self.patched = set(), set(), set()
        self.found = collections.defaultdict(set)
        self.renames, self.changes, self.stored = {}, set(), set()
        self.heads = collections.defaultdict(set)

    def add(self, cls):
        self.build(cls, {})
        if options := VARIANTS.get(cls.config_class.model_type):
            self.build(cls, options)

    def build(self, cls, options):
        for tied in (True, False):
            model, base, weights, linear = survey(cls, tied, options)
            for name, kind in linear.items():
                self.found[numbered(name)].add(kind)
                if kind == "d" and "*" not in numbered(name):
                    self.heads[name].add(cls.__name__)
            if not tied:
                continue
            if any(type(m).__name__ in MODULES_TO_PATCH_FOR_QUANTIZATION for m in model.modules()):
                self.patched.add(cls.__name__)
            renamed, changed, matrices = stored_names(model, weights, linear)
            self.renames |= renamed
            self.changes |= changed
            self.stored |= matrices
        self.bases |= {base} if base else set()
        self.classes.add(cls.__name__)

    def stripped(self, name):
        """The name within the base model, whatever that is wrapped in."""
        while (base := name.partition("."))[2] and base[0] in self.bases:
            name = base[2]
        return name

    def settle(self):
        self.kinds = collections.defaultdict(set)
        for name, kinds in self.found.items():
            self.kinds[self.stripped(name)] |= kinds
        self.changed = {self.stripped(name) for name in self.changes}
        self.matrices = {self.stripped(name) for name in self.stored}
        self.renamed = {self.stripped(k): self.stripped(v) for k, v in self.renames.items()}

    def kind(self, name):
        if name in self.changed:
            return "m"
        kinds = {kind.rstrip("c") for kind in self.kinds[name]}
        transposed = "c" if any(kind.endswith("c") for kind in self.kinds[name]) else ""
        if len(kinds) == 1:
            return kinds.pop() + transposed
        return ("x" if "*" in name and "q" in kinds else "h") + transposed

    def title(self, name):
        return f"@ {name} | {' '.join(sorted(self.bases))} | {' '.join(sorted(self.classes))}"

    def modules(self):
        """The lines on modules, whatever the classes."""
        groups = collections.defaultdict(list)
        for pattern in self.kinds:
            groups[self.kind(pattern), pattern.rpartition(".")[0]].append(pattern)
        stored = {self.renamed.get(name, name) for name in self.matrices}
        for pattern in stored - set(self.kinds):
            groups["o", pattern.rpartition(".")[0]].append(pattern)
        for (kind, parent), patterns in sorted(groups.items()):
            leaves = " ".join(sorted(p.rpartition(".")[2] for p in patterns))
            yield f"{kind} {parent or '-'} {leaves}"
        for one, other in sorted({renaming(*names) for names in self.renamed.items()}):
            if one != other:
                yield f"= {one} {other}"

    def heads_of_classes(self):
        for head, classes in sorted(self.heads.items()):
            yield f"t {head} {' '.join(sorted(classes))}"
        if self.patched:
            yield f"! {' '.join(sorted(self.patched))}"


def out_of_time(*_):
    raise TimeoutError(f"not built within {SECONDS} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help="a regular expression for names of classes")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    signal.signal(signal.SIGALRM, out_of_time)
    types, failures = collections.defaultdict(Type), []
    for name in class_names():
        if arguments.only and not re.search(arguments.only, name):
            continue
        cls = getattr(transformers, name, None)
        try:
            signal.alarm(SECONDS)
            types[cls.config_class.model_type].add(cls)
        except Exception as error:
            failures.append(f"{name}: {type(error).__name__}: {str(error).strip()[:100]}")
        finally:
            signal.alarm(0)
    print("\n".join(failures), file=sys.stderr)
    print(f"{len(failures)} classes left out", file=sys.stderr)
    print("// swift-format-ignore-file")
    print("// Made by Scripts/architectures.py with transformers", transformers.__version__)
    print('\nextension ArchitectureTable {\n  static let lines: StaticString = #"""')
    first = {}
    for name, found in sorted(types.items()):
        if not found.classes:
            continue
        found.settle()
        print(found.title(name))
        body = "\n".join(found.modules())
        if body:
            print(body if body not in first else f"& {first[body]}")
            first.setdefault(body, name)
        for line in found.heads_of_classes():
            print(line)
    print('"""#\n}')


if __name__ == "__main__":
    sys.exit(main())
