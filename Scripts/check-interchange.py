#!/usr/bin/env python3
"""Checks that what Ferry quantizes loads and means the same in transformers + bitsandbytes, family by family.

    pip install -r Scripts/interchange-requirements.txt
    python Scripts/check-interchange.py --ferry .build/release/ferry [--sample] [--only REGEX] [--table FILE]

For each family: a tiny model with random weights is saved by transformers, quantized by Ferry (`--all`: nothing
depends on whether Ferry can run it), and loaded by transformers + bitsandbytes. Checked are that

* no weight is missing, unexpected or of another shape, and at least one layer is quantized;
* every layer that is replaced is quantized, and every linear layer that is not is on the list of modules that
  stay plain (or is one that transformers leaves plain by itself);
* one forward pass agrees with the original as well as that of the model that bitsandbytes quantizes itself;
* Ferry's way back (`dequantize`) has the names and shapes of the original and, weight by weight, the values that
  bitsandbytes decodes, for Ferry's own result and for the one that transformers + bitsandbytes saved.

Prints a table, one line a family and format; exits 1 if anything fails.
"""

import argparse
import json
import logging
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["TORCHDYNAMO_DISABLE"] = "1"

import bitsandbytes as bnb  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402
from safetensors import safe_open  # noqa: E402
from transformers.pytorch_utils import Conv1D  # noqa: E402
from transformers.quantizers.quantizers_utils import should_convert_module  # noqa: E402

logging.disable(logging.WARNING)
transformers.utils.logging.disable_progress_bar()
torch.set_grad_enabled(False)

# Extents are multiples of 64: bitsandbytes' decoder for AVX-512 is wrong where a row is no whole number of blocks.
TEXT = dict(
    vocab_size=96, hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, head_dim=16, max_position_embeddings=64, bos_token_id=1, eos_token_id=2,
    pad_token_id=0)
BERT = dict(
    vocab_size=96, hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
    max_position_embeddings=64, pad_token_id=0)
ENCODER_DECODER = dict(
    vocab_size=96, d_model=64, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
    decoder_attention_heads=4, encoder_ffn_dim=128, decoder_ffn_dim=128, max_position_embeddings=64,
    pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=1, forced_eos_token_id=None)
VISION = dict(
    hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4, image_size=32,
    patch_size=8)
# Every expert is asked: which ones are would depend on rounding.
MOE = dict(
    TEXT, moe_intermediate_size=64, shared_expert_intermediate_size=64, num_experts=4, num_experts_per_tok=4,
    num_local_experts=4)

IDS = torch.tensor([[1, 5, 9, 17, 33, 64, 80, 95]])
ENDED = torch.cat([IDS[:, :-1], torch.tensor([[2]])], 1)
IMAGE = torch.linspace(-1, 1, 3 * 32 * 32).sin().reshape(1, 3, 32, 32)
SOUND = torch.linspace(-9, 9, 16 * 64).sin().reshape(1, 16, 64)
WAVE = torch.linspace(-50, 50, 4000).sin().reshape(1, 4000)


def ids(**more):
    return dict(input_ids=IDS, **more)


TWO = ids(decoder_input_ids=IDS)

GPT2 = dict(vocab_size=96, n_embd=64, n_layer=2, n_head=4, n_positions=64)
CROSSING = dict(is_decoder=True, is_encoder_decoder=False, add_cross_attention=True)


def pair(encoder, encoder_type, decoder, decoder_type):
    """The configuration of an encoder and a decoder."""
    return dict(
        encoder=dict(encoder, model_type=encoder_type),
        decoder=dict(decoder, model_type=decoder_type, **CROSSING), pad_token_id=0,
        decoder_start_token_id=1)


SEEN = dict(pixel_values=IMAGE, decoder_input_ids=IDS)
# The class, and behind a slash what else it is; its configuration, and what a forward pass takes. The first ones are
# the sample of the tests.
FAMILIES = {
    "Qwen3ForCausalLM": (TEXT, ids()),
    "BertForMaskedLM": (BERT, ids()),
    "BertForSequenceClassification": (dict(BERT, num_labels=32), ids()),
    "GPT2LMHeadModel": (dict(vocab_size=96, n_embd=64, n_layer=2, n_head=4, n_positions=64), ids()),
    "MixtralForCausalLM": (MOE, ids()),
    "T5ForConditionalGeneration": (
        dict(vocab_size=96, d_model=64, d_kv=16, d_ff=128, num_layers=2, num_heads=4), TWO),
    "ViTForImageClassification": (dict(VISION, num_labels=32), dict(pixel_values=IMAGE)),
    "Gemma2ForCausalLM": (TEXT, ids()),
    "RobertaForSequenceClassification": (dict(BERT, num_labels=32, max_position_embeddings=80), ids()),
    "OPTForCausalLM": (
        dict(vocab_size=96, hidden_size=64, ffn_dim=128, num_hidden_layers=2, num_attention_heads=4,
             max_position_embeddings=64, word_embed_proj_dim=64), ids()),
    "VisionEncoderDecoderModel/gpt2": (pair(VISION, "vit", GPT2, "gpt2"), SEEN),
    # The end of the sample.
    "VisionEncoderDecoderModel/trocr": (
        pair(VISION, "vit", dict(ENCODER_DECODER, cross_attention_hidden_size=64), "trocr"), SEEN),
    "VisionEncoderDecoderModel/mbart": (pair(VISION, "vit", ENCODER_DECODER, "mbart"), SEEN),
    "VisionEncoderDecoderModel/roberta": (
        pair(VISION, "vit", dict(BERT, max_position_embeddings=80), "roberta"), SEEN),
    "EncoderDecoderModel/gpt2": (pair(BERT, "bert", GPT2, "gpt2"), TWO),
    "EncoderDecoderModel/bert": (pair(BERT, "bert", BERT, "bert"), TWO),
    "GPT2LMHeadModel/cross-attention": (
        dict(GPT2, add_cross_attention=True), ids(encoder_hidden_states=SOUND.reshape(1, 16, 64))),
    "LlamaForCausalLM": (TEXT, ids()),
    "LlamaModel": (TEXT, ids()),
    "LlamaForSequenceClassification": (dict(TEXT, num_labels=32), ids()),
    "MistralForCausalLM": (TEXT, ids()),
    "MistralModel": (TEXT, ids()),
    "Qwen2ForCausalLM": (TEXT, ids()),
    "Qwen2MoeForCausalLM": (MOE, ids()),
    "Qwen3MoeForCausalLM": (MOE, ids()),
    "Gemma2ForSequenceClassification": (dict(TEXT, num_labels=32), ids()),
    "GemmaForCausalLM": (TEXT, ids()),
    "Gemma3ForCausalLM": (TEXT, ids()),
    "Phi3ForCausalLM": (TEXT, ids()),
    "PhiForCausalLM": (TEXT, ids()),
    "GPTNeoForCausalLM": (
        dict(vocab_size=96, hidden_size=64, num_layers=2, num_heads=4, intermediate_size=128,
             max_position_embeddings=64, attention_types=[[["global", "local"], 1]]), ids()),
    "GPTNeoXForCausalLM": (TEXT, ids()),
    "GPTJForCausalLM": (
        dict(vocab_size=96, n_embd=64, n_layer=2, n_head=4, n_positions=64, rotary_dim=16), ids()),
    "GPTBigCodeForCausalLM": (
        dict(vocab_size=96, n_embd=64, n_layer=2, n_head=4, n_positions=64), ids()),
    "CodeGenForCausalLM": (
        dict(vocab_size=96, n_embd=64, n_layer=2, n_head=4, n_positions=64, rotary_dim=16), ids()),
    "OpenAIGPTLMHeadModel": (
        dict(vocab_size=96, n_embd=64, n_layer=2, n_head=4, n_positions=64), ids()),
    "GPT2Model": (dict(vocab_size=96, n_embd=64, n_layer=2, n_head=4, n_positions=64), ids()),
    "BloomForCausalLM": (dict(vocab_size=96, hidden_size=64, n_layer=2, n_head=4), ids()),
    "FalconForCausalLM": (
        dict(vocab_size=96, hidden_size=64, num_hidden_layers=2, num_attention_heads=4), ids()),
    "MptForCausalLM": (dict(vocab_size=96, d_model=64, n_layers=2, n_heads=4, max_seq_len=64), ids()),
    "StableLmForCausalLM": (TEXT, ids()),
    "CohereForCausalLM": (TEXT, ids()),
    "GraniteForCausalLM": (TEXT, ids()),
    "OlmoForCausalLM": (TEXT, ids()),
    "Olmo2ForCausalLM": (TEXT, ids()),
    "OlmoeForCausalLM": (MOE, ids()),
    "Starcoder2ForCausalLM": (TEXT, ids()),
    "SmolLM3ForCausalLM": (TEXT, ids()),
    "NemotronForCausalLM": (TEXT, ids()),
    "GlmForCausalLM": (TEXT, ids()),
    "XGLMForCausalLM": (
        dict(vocab_size=96, d_model=64, num_layers=2, attention_heads=4, ffn_dim=128,
             max_position_embeddings=64), ids()),
    "MambaForCausalLM": (dict(vocab_size=96, hidden_size=64, num_hidden_layers=2, state_size=16,
                              time_step_rank=64), ids()),
    "BertModel": (BERT, ids()),
    "BertForTokenClassification": (dict(BERT, num_labels=32), ids()),
    "BertForQuestionAnswering": (BERT, ids()),
    "BertForNextSentencePrediction": (BERT, ids()),
    "BertForPreTraining": (BERT, ids()),
    "BertForMultipleChoice": (BERT, dict(input_ids=IDS.reshape(1, 2, 4))),
    "BertLMHeadModel": (dict(BERT, is_decoder=True), ids()),
    "RobertaModel": (dict(BERT, max_position_embeddings=80), ids()),
    "RobertaForMaskedLM": (dict(BERT, max_position_embeddings=80), ids()),
    "RobertaForTokenClassification": (
        dict(BERT, num_labels=32, max_position_embeddings=80), ids()),
    "XLMRobertaForMaskedLM": (dict(BERT, max_position_embeddings=80), ids()),
    "CamembertForMaskedLM": (dict(BERT, max_position_embeddings=80), ids()),
    "MPNetForMaskedLM": (dict(BERT, max_position_embeddings=80), ids()),
    "DistilBertForMaskedLM": (
        dict(vocab_size=96, dim=64, hidden_dim=128, n_layers=2, n_heads=4,
             max_position_embeddings=64), ids()),
    "DistilBertForSequenceClassification": (
        dict(vocab_size=96, dim=64, hidden_dim=128, n_layers=2, n_heads=4,
             max_position_embeddings=64), ids()),
    "AlbertForMaskedLM": (dict(BERT, embedding_size=64), ids()),
    "ModernBertForMaskedLM": (
        dict(BERT, attn_implementation="eager", reference_compile=False, cls_token_id=1,
             sep_token_id=2, bos_token_id=1, eos_token_id=2), ids()),
    "ElectraForMaskedLM": (dict(BERT, embedding_size=64), ids()),
    "ElectraForPreTraining": (dict(BERT, embedding_size=64), ids()),
    "DebertaForMaskedLM": (dict(BERT, relative_attention=True, pos_att_type=["c2p", "p2c"]), ids()),
    "DebertaV2ForSequenceClassification": (
        dict(BERT, relative_attention=True, pos_att_type=["c2p", "p2c"], num_labels=32), ids()),
    "BartForConditionalGeneration": (ENCODER_DECODER, TWO),
    "BartForSequenceClassification": (
        dict(ENCODER_DECODER, num_labels=32), dict(input_ids=ENDED)),
    "MBartForConditionalGeneration": (ENCODER_DECODER, TWO),
    "PegasusForConditionalGeneration": (ENCODER_DECODER, TWO),
    "MarianMTModel": (dict(ENCODER_DECODER, decoder_vocab_size=96), TWO),
    "M2M100ForConditionalGeneration": (ENCODER_DECODER, TWO),
    "T5EncoderModel": (
        dict(vocab_size=96, d_model=64, d_kv=16, d_ff=128, num_layers=2, num_heads=4), ids()),
    "MT5ForConditionalGeneration": (
        dict(vocab_size=96, d_model=64, d_kv=16, d_ff=128, num_layers=2, num_heads=4), TWO),
    "WhisperForConditionalGeneration": (
        dict(ENCODER_DECODER, num_mel_bins=16, max_source_positions=32, max_target_positions=32,
             begin_suppress_tokens=None, suppress_tokens=None),
        dict(input_features=SOUND, decoder_input_ids=IDS)),
    "Wav2Vec2ForCTC": (
        dict(BERT, vocab_size=32, conv_dim=[64, 64], conv_stride=[5, 2], conv_kernel=[10, 3],
             num_feat_extract_layers=2, num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=4),
        dict(input_values=WAVE)),
    "ViTModel": (VISION, dict(pixel_values=IMAGE)),
    "DeiTModel": (VISION, dict(pixel_values=IMAGE)),
    "BeitForImageClassification": (dict(VISION, num_labels=32), dict(pixel_values=IMAGE)),
    "Dinov2Model": (VISION, dict(pixel_values=IMAGE)),
    "Dinov2Model/swiglu": (
        dict(VISION, use_swiglu_ffn=True, mlp_ratio=6), dict(pixel_values=IMAGE)),
    "Dinov2WithRegistersModel/swiglu": (
        dict({key: value for key, value in VISION.items() if key != "intermediate_size"},
             use_swiglu_ffn=True, mlp_ratio=6), dict(pixel_values=IMAGE)),
    "SiglipVisionModel": (VISION, dict(pixel_values=IMAGE)),
    "SwinForImageClassification": (
        dict(image_size=32, patch_size=4, embed_dim=64, depths=[1, 1], num_heads=[2, 4],
             window_size=4, num_labels=32), dict(pixel_values=IMAGE)),
    "CLIPModel": (
        dict(text_config=dict(BERT, bos_token_id=1, eos_token_id=95), vision_config=VISION,
             projection_dim=64), ids(pixel_values=IMAGE)),
    "CLIPVisionModel": (VISION, dict(pixel_values=IMAGE)),
    "CLIPVisionModelWithProjection": (
        dict(VISION, projection_dim=64), dict(pixel_values=IMAGE)),
    "CLIPTextModelWithProjection": (
        dict(BERT, projection_dim=64, bos_token_id=1, eos_token_id=95), ids()),
    "LlavaForConditionalGeneration": (
        dict(text_config=dict(TEXT, model_type="mistral"),
             vision_config=dict(VISION, model_type="clip_vision_model"), image_token_index=95,
             vision_feature_layer=-1), dict(input_ids=IDS[:, :-1])),
    "LlavaForConditionalGeneration/qwen2_moe": (
        dict(text_config=dict(MOE, model_type="qwen2_moe"),
             vision_config=dict(VISION, model_type="clip_vision_model"), image_token_index=95,
             vision_feature_layer=-1), dict(input_ids=IDS[:, :-1])),
}
# What transformers cannot load once it has saved it: it quantizes the parts of a weight that is stored as one.
BROKEN = {"Dinov2Model/swiglu", "Dinov2WithRegistersModel/swiglu"}
SAMPLE = list(FAMILIES)[:11]
FORMATS = {
    "nf4": dict(load_in_4bit=True, bnb_4bit_quant_type="nf4"),
    "fp4": dict(load_in_4bit=True, bnb_4bit_quant_type="fp4"),
    "int8": dict(load_in_8bit=True),
}


class Failed(Exception):
    """What is wrong with a result."""


def built(name):
    """A model of class `name` with seeded weights, large enough that every layer counts."""
    cls = getattr(transformers, name.partition("/")[0])
    settings, inputs = FAMILIES[name]
    config = cls.config_class(**settings)
    torch.manual_seed(7)
    model = cls(config).float().eval()
    generator = torch.Generator().manual_seed(7)
    for key, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if parameter.dim() < 2:
            parameter.add_(0.05 * noise)
        elif "embed" in key or "wte" in key or "wpe" in key or "shared" in key:
            parameter.copy_(noise)
        else:
            parameter.copy_(noise / parameter.shape[-1] ** 0.5)
    model.tie_weights()
    return cls, model, inputs


def output(model, inputs):
    return model(**inputs)[0].float()


def distance(one, other):
    return ((one - other).abs().max() / other.abs().max()).item()


def error_of(model, inputs, reference):
    """How far the output is off; None where bitsandbytes cannot compute it: some of its kernels want more rows."""
    try:
        return distance(output(model, inputs), reference)
    except (AssertionError, RuntimeError):
        return None


def loaded(cls, folder, **options):
    model, report = cls.from_pretrained(
        folder, output_loading_info=True, device_map={"": "cpu"}, dtype=torch.float32, **options
    )
    wrong = [f"{kind}: {sorted(map(str, report[kind]))[:2]}"
             for kind in ("missing_keys", "unexpected_keys", "mismatched_keys") if report.get(kind)]
    if wrong:
        raise Failed("; ".join(wrong))
    return model.eval()


def ferry(binary, *arguments):
    done = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"ferry {arguments[0]}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def tensors(folder):
    found = {}
    for file in sorted(pathlib.Path(folder).glob("*.safetensors")):
        with safe_open(file, "pt") as opened:
            found |= {name: opened.get_tensor(name) for name in opened.keys()}
    return found


def quantized_modules(model):
    return {name: module for name, module in model.named_modules()
            if isinstance(module, (bnb.nn.Linear4bit, bnb.nn.Linear8bitLt))}


def check_modules(model, original, folder):
    """Every linear layer is quantized, listed, or one that transformers leaves plain by itself."""
    replaced = quantized_modules(model)
    if not replaced:
        raise Failed("no layer is quantized")
    for name, module in replaced.items():
        if isinstance(module, bnb.nn.Linear4bit) and module.weight.quant_state is None:
            raise Failed(f"{name} is to be quantized and is not")
        if isinstance(module, bnb.nn.Linear8bitLt) and module.weight.dtype != torch.int8:
            raise Failed(f"{name} is to be quantized and is not")
    section = json.loads((folder / "config.json").read_text())["quantization_config"]
    listed = section["llm_int8_skip_modules"]
    heads = transformers.quantizers.base.get_keys_to_not_convert(original)
    always = original._keep_in_fp32_modules or []
    for name, module in original.named_modules():
        if type(module) is not torch.nn.Linear and not isinstance(module, Conv1D):
            continue
        if name in replaced:
            continue
        if should_convert_module(name, [*(heads if listed is None else listed), *always]):
            raise Failed(f"{name} is plain and not listed")
    return len(replaced), listed


def decoded(module):
    """What bitsandbytes makes of the weight of a quantized layer."""
    weight = module.weight
    if isinstance(module, bnb.nn.Linear4bit):
        values = bnb.functional.dequantize_4bit(weight.data, weight.quant_state)
    else:
        scales = weight.SCB if weight.SCB is not None else module.state.SCB
        values = bnb.functional.int8_vectorwise_dequant(weight.data, scales)
    return values.T if issubclass(getattr(module, "source_cls", object), Conv1D) else values


def check_way_back(binary, cls, quantized, folder, back, original_names):
    """`dequantize` gives the original's tensors, and bitsandbytes' values of what is quantized."""
    shutil.rmtree(back, ignore_errors=True)
    ferry(binary, "dequantize", folder, "-o", back, "--dtype", "f32", "--json")
    restored = tensors(back)
    shapes = {name: list(tensor.shape) for name, tensor in restored.items()}
    if shapes != original_names:
        names = shapes.keys() | original_names.keys()
        wrong = sorted(name for name in names if shapes.get(name) != original_names.get(name))
        raise Failed(f"dequantize: other names or shapes: {wrong[:3]}")
    plain = loaded(cls, back)
    parameters = dict(plain.named_parameters())
    for name, module in quantized_modules(quantized).items():
        ours, theirs = parameters[f"{name}.weight"], decoded(module)
        if ours.shape != theirs.shape or (ours - theirs.float()).abs().max() > 1e-6 * theirs.abs().max():
            raise Failed(f"dequantize: {name} differs from bitsandbytes'")
    return plain


def check_same_codes(ours, theirs):
    """What both quantize, both quantize alike: 8-bit codes may round to the other side."""
    for name in ours.keys() & theirs.keys():
        values, module = decoded(theirs[name]), theirs[name]
        step = 0 if isinstance(module, bnb.nn.Linear4bit) else 1 / 127
        if (ours[name] - values).abs().max() > (1e-6 + 1.01 * step) * values.abs().max():
            raise Failed(f"{name} is not quantized as bitsandbytes does it")


def check_refusal(binary, source, result, form):
    """Where transformers replaces nothing (Falcon's layers are of a class of their own), Ferry quantizes nothing."""
    try:
        ferry(binary, "quantize", source, "-o", result, "--format", form, "--all", "--json")
    except Failed as refusal:
        if "no weight to quantize" in str(refusal):
            return 0, ["(transformers replaces no layer, Ferry refuses)"], 0.0, 0.0
        raise
    raise Failed("transformers replaces no layer, and Ferry quantizes some")


def check(binary, name, form, box):
    """One family in one format: how many layers, the error, bitsandbytes' own error."""
    cls, model, inputs = built(name)
    source, result, own, back, back_of_own = folders = [
        box / part for part in ("source", "quantized", "own", "back", "back of own")]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(source)
    shapes = {key: list(tensor.shape) for key, tensor in tensors(source).items()}
    model = loaded(cls, source)
    reference = output(model, inputs)
    config = transformers.BitsAndBytesConfig(**FORMATS[form])
    theirs = loaded(cls, source, quantization_config=config)
    if not quantized_modules(theirs):
        return check_refusal(binary, source, result, form)
    ferry(binary, "quantize", source, "-o", result, "--format", form, "--all", "--json")
    quantized = loaded(cls, result)
    count, listed = check_modules(quantized, model, result)
    values = {name: decoded(module) for name, module in quantized_modules(quantized).items()}
    # Before the first pass: on some CPUs that rearranges what is quantized.
    plain = check_way_back(binary, cls, quantized, result, back, shapes)
    theirs.save_pretrained(own)
    if name not in BROKEN:
        check_way_back(binary, cls, loaded(cls, own), own, back_of_own, shapes)
    check_same_codes(values, quantized_modules(theirs))
    their_error = error_of(theirs, inputs, reference)
    error = error_of(quantized, inputs, reference)
    if error is None and their_error is None:
        return count, ["(transformers cannot run its own either)"], None, None
    if error is None:
        raise Failed("the forward pass fails, that of bitsandbytes' own does not")
    back_error = distance(output(plain, inputs), output(quantized, inputs))
    # The head may be quantized by the one and not by the other.
    limit = max(0.05 if form == "int8" else 0.15, 1 if their_error is None else 2 * their_error)
    if not error <= limit:
        raise Failed(f"the forward pass differs by {error:.3f}, bitsandbytes' own by {their_error}")
    # bitsandbytes multiplies in bf16 on some CPUs.
    if not back_error <= 0.05:
        raise Failed(f"dequantized, the forward pass differs by {back_error:.4f} from the quantized")
    return count, listed, error, their_error


def spelled(error):
    return "fails" if error is None else f"{error:.3f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ferry", default=".build/release/ferry")
    parser.add_argument("--sample", action="store_true", help="the first families only, in nf4 and int8")
    parser.add_argument("--only", help="a regular expression for names of classes")
    parser.add_argument("--table", help="where to write the table, in Markdown")
    arguments = parser.parse_args()
    binary = os.path.abspath(arguments.ferry)
    names = SAMPLE if arguments.sample else list(FAMILIES)
    names = [name for name in names if re.search(arguments.only or "", name)]
    lines, failures = [], 0
    box = pathlib.Path(tempfile.mkdtemp(prefix="ferry-interchange."))
    for name in names:
        for form in ("nf4", "int8") if arguments.sample else FORMATS:
            try:
                count, listed, error, own = check(binary, name, form, box)
                said = "default" if listed is None else ", ".join(listed[:3]) + (" …" if listed[3:] else "")
                line = f"| {name} | {form} | {count} | {spelled(error)} | {spelled(own)} | {said} |"
            except Exception as problem:
                failures += 1
                said = f"{type(problem).__name__} {problem}".replace("\n", " ")[:300]
                line = f"| {name} | {form} | FAILED | | | {said} |"
            print(line, flush=True)
            lines.append(line)
    shutil.rmtree(box)
    if arguments.table:
        title = "| class | format | layers quantized | error | bitsandbytes' own | modules listed as plain |"
        pathlib.Path(arguments.table).write_text("\n".join([title, "|---" * 6 + "|", *lines]) + "\n")
    print(f"{len(lines) - failures} of {len(lines)} agree")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
