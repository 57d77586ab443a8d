#!/usr/bin/env python3
"""Write a Llama checkpoint with random bf16 weights in the shape of SmolLM2-135M: for a demo without network.

    synthetic-model.py FOLDER

Only the standard library is needed. The weights are a repeated run of normal numbers (standard deviation
0.04), so that quantizing has something to do; the model has nothing to say, and no tokenizer.
"""
import array
import json
import os
import random
import struct
import sys

HIDDEN, INTERMEDIATE, LAYERS, HEADS, KEY_HEADS, VOCABULARY = 576, 1536, 30, 9, 3, 49152


def shapes():
    yield "model.embed_tokens.weight", [VOCABULARY, HIDDEN]
    key_width = HIDDEN // HEADS * KEY_HEADS
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        yield prefix + "input_layernorm.weight", [HIDDEN]
        yield prefix + "self_attn.q_proj.weight", [HIDDEN, HIDDEN]
        yield prefix + "self_attn.k_proj.weight", [key_width, HIDDEN]
        yield prefix + "self_attn.v_proj.weight", [key_width, HIDDEN]
        yield prefix + "self_attn.o_proj.weight", [HIDDEN, HIDDEN]
        yield prefix + "post_attention_layernorm.weight", [HIDDEN]
        yield prefix + "mlp.gate_proj.weight", [INTERMEDIATE, HIDDEN]
        yield prefix + "mlp.up_proj.weight", [INTERMEDIATE, HIDDEN]
        yield prefix + "mlp.down_proj.weight", [HIDDEN, INTERMEDIATE]
    yield "model.norm.weight", [HIDDEN]


def bf16(values):
    """The upper halves of the numbers as binary32."""
    words = struct.unpack(f"<{len(values)}I", struct.pack(f"<{len(values)}f", *values))
    return array.array("H", (word >> 16 for word in words)).tobytes()


def main(folder):
    os.makedirs(folder, exist_ok=True)
    generator = random.Random(135)
    noise = bf16([generator.gauss(0, 0.04) for _ in range(1_000_003)])
    header, offset = {}, 0
    for name, shape in shapes():
        size = 2
        for extent in shape:
            size *= extent
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(folder, "model.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, shape in shapes():
            size = header[name]["data_offsets"][1] - header[name]["data_offsets"][0]
            if len(shape) == 1:
                file.write(bf16([1.0]) * (size // 2))
                continue
            start = generator.randrange(len(noise) // 2) * 2
            while size:
                piece = noise[start:start + size]
                file.write(piece)
                size, start = size - len(piece), 0
    config = {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu",
        "hidden_size": HIDDEN, "intermediate_size": INTERMEDIATE, "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS, "num_key_value_heads": KEY_HEADS, "vocab_size": VOCABULARY,
        "max_position_embeddings": 8192, "rms_norm_eps": 1e-05, "rope_theta": 100000.0,
        "tie_word_embeddings": True, "torch_dtype": "bfloat16", "bos_token_id": 1, "eos_token_id": 2,
    }
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump(config, file, indent=2)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
