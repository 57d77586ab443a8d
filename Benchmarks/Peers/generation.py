"""llama.cpp at SmolLM2-135M in Q4_1: prompts and tokens a second."""

import ctypes
import os
import time

PROMPT = 512
TOKENS = 128
# Q4_1 is what the file has: 4.5 bits and more a weight, as NF4; INT8 has nearly twice as many.
FORMATS = ("NF4", "INT8")


def measure(peers):
    import llama_cpp

    path = os.path.join(peers.options.weights, "SmolLM2-135M-Instruct.Q4_1.gguf")
    peer = f"llama.cpp Q4_1 (llama-cpp-python {llama_cpp.__version__})"
    llama_cpp.llama_backend_init()
    llama_cpp.llama_log_set(SILENT, ctypes.c_void_p(0))
    model = llama_cpp.llama_model_load_from_file(path.encode(), llama_cpp.llama_model_default_params())
    if not model:
        raise FileNotFoundError(path)
    best = [max(rates) for rates in zip(*(rates_of(llama_cpp, model, peers.options.threads, flash)
                                          for flash in (0, 1) for _ in range(2)))]
    for name in FORMATS:
        peers.add(f"prefill, SmolLM2-135M in {name} on cpu", peer, value=best[0], unit="tokens/s")
        peers.add(f"decode, SmolLM2-135M in {name} on cpu", peer, value=best[1], unit="tokens/s")


def rates_of(llama, model, threads, flash):
    """Tokens a second of a prompt of 512, and of 128 tokens after a prompt of 128."""
    parameters = llama.llama_context_default_params()
    parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = 1024, PROMPT, PROMPT
    parameters.n_threads = parameters.n_threads_batch = threads
    parameters.flash_attn_type = flash
    context = llama.llama_init_from_model(model, parameters)
    vocabulary = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(model))
    try:
        run(llama, context, [1, 2, 3, 4])
        prefill = max(PROMPT / timed(lambda: prompt(llama, context, vocabulary, PROMPT)) for _ in range(3))
        prompt(llama, context, vocabulary, TOKENS)
        decode = TOKENS / timed(lambda: greedy(llama, context, vocabulary))
    finally:
        llama.llama_free(context)
    return prefill, decode


def prompt(llama, context, vocabulary, count):
    llama.llama_memory_clear(llama.llama_get_memory(context), True)
    run(llama, context, [i * 31 % vocabulary for i in range(count)])


def greedy(llama, context, vocabulary):
    import numpy

    for _ in range(TOKENS):
        logits = numpy.ctypeslib.as_array(llama.llama_get_logits_ith(context, -1), shape=(vocabulary,))
        run(llama, context, [int(logits.argmax())])


def run(llama, context, tokens):
    array = (llama.llama_token * len(tokens))(*tokens)
    status = llama.llama_decode(context, llama.llama_batch_get_one(array, len(tokens)))
    if status != 0:
        raise RuntimeError(f"llama_decode returned {status}")
    llama.llama_synchronize(context)


def timed(body):
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


@ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
def SILENT(level, text, data):
    """llama.cpp says nothing of what it loads."""
