"""all-MiniLM-L6-v2 in torch: 256 sentences, in batches of similar lengths. Tokenizing is not timed."""

import os
import re

BATCH = 32
HEADS = 12


def measure(peers):
    torch = peers.torch
    folder = os.path.join(peers.options.weights, "all-MiniLM-L6-v2")
    sequences = tokenized(folder)
    if peers.options.scale == "small":
        sequences = sequences[:8]
    for name in ("f32", "bf16"):
        network = Encoder(torch, folder, peers.type(name))
        kind = "" if name == "f32" else " in bf16"

        def run():
            with torch.inference_mode():
                return network.embed(sequences)

        run()
        peers.add(f"embed {len(sequences)} sentences by all-MiniLM-L6-v2{kind} on cpu", peers.torch_name,
                  peers.best(run, 5))


def tokenized(folder):
    """The sentences' tokens: their words are all in the vocabulary."""
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, "vocab.txt"), encoding="utf-8") as file:
        numbers = {piece: number for number, piece in enumerate(file.read().splitlines())}
    with open(os.path.join(here, "sentences.txt"), encoding="utf-8") as file:
        sentences = file.read().splitlines()
    words = [re.findall(r"[a-z]+|[^\sa-z]", sentence.lower()) for sentence in sentences]
    return [[numbers["[CLS]"], *(numbers[word] for word in row), numbers["[SEP]"]] for row in words]


class Encoder:
    """BERT's layers over the file's weights."""

    def __init__(self, torch, folder, dtype):
        from safetensors.torch import load_file

        self.torch = torch
        self.weights = {name: tensor.to(dtype) for name, tensor in
                        load_file(os.path.join(folder, "model.safetensors")).items() if tensor.is_floating_point()}
        self.layers = [f"encoder.layer.{index}" for index in range(6)]

    def embed(self, sequences):
        """One vector a sentence, of length 1."""
        order = sorted(range(len(sequences)), key=lambda index: -len(sequences[index]))
        vectors = [None] * len(sequences)
        for start in range(0, len(order), BATCH):
            batch = order[start:start + BATCH]
            for index, vector in zip(batch, self.batch([sequences[index] for index in batch])):
                vectors[index] = vector
        return self.torch.stack(vectors)

    def batch(self, sequences):
        torch, width = self.torch, max(map(len, sequences))
        tokens = torch.tensor([row + [0] * (width - len(row)) for row in sequences])
        seen = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in sequences], dtype=torch.bool)
        weights = self.weights
        states = (weights["embeddings.word_embeddings.weight"][tokens]
                  + weights["embeddings.position_embeddings.weight"][:width]
                  + weights["embeddings.token_type_embeddings.weight"][0])
        states = self.norm(states, "embeddings.LayerNorm")
        # A batch without padding needs no mask, and is faster without.
        mask = None if bool(seen.all()) else seen[:, None, None, :]
        for layer in self.layers:
            states = self.layer(states, layer, mask)
        share = seen[..., None].to(states.dtype)
        mean = (states * share).sum(1) / share.sum(1)
        return torch.nn.functional.normalize(mean.float(), dim=1)

    def layer(self, states, name, mask):
        functional = self.torch.nn.functional
        heads = [self.heads(self.linear(states, f"{name}.attention.self.{part}")) for part in ("query", "key", "value")]
        mixed = functional.scaled_dot_product_attention(*heads, attn_mask=mask)
        mixed = self.linear(mixed.transpose(1, 2).flatten(2), f"{name}.attention.output.dense")
        states = self.norm(states + mixed, f"{name}.attention.output.LayerNorm")
        inner = functional.gelu(self.linear(states, f"{name}.intermediate.dense"))
        return self.norm(states + self.linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def heads(self, values):
        return values.unflatten(-1, (HEADS, -1)).transpose(1, 2)

    def linear(self, values, name):
        return self.torch.nn.functional.linear(
            values, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def norm(self, values, name):
        return self.torch.nn.functional.layer_norm(
            values, values.shape[-1:], self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], 1e-12)
