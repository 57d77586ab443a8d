"""ncnn at Real-ESRGAN's networks: an image mirrored by ten pixels at its edges, in one tile, as Ferry computes it."""

import os

# The networks, and the sides of the images that they enlarge.
NETWORKS = {
    "full": {"realesr-animevideov3-x4": 128, "realesrgan-x4plus": 64},
    "small": {"realesr-animevideov3-x4": 16},
}
EDGE = 10


def measure(peers):
    import ncnn

    for name, side in NETWORKS[peers.options.scale].items():
        for storage in (False, True):
            peers.attempt(f"upscale by {name}", lambda: network(peers, ncnn, name, side, storage))


def network(peers, ncnn, name, side, storage):
    import numpy

    net = ncnn.Net()
    net.opt.num_threads = peers.options.threads
    net.opt.use_vulkan_compute = False
    net.opt.use_bf16_storage = storage
    path = os.path.join(peers.options.weights, "realesrgan", name)
    if net.load_param(f"{path}.param") != 0 or net.load_model(f"{path}.bin") != 0:
        raise FileNotFoundError(f"{path}.param")
    source, target = ends(f"{path}.param")
    image = numpy.random.default_rng(0).random((3, side, side), dtype=numpy.float32)
    padded = numpy.pad(image, ((0, 0), (EDGE, EDGE), (EDGE, EDGE)), mode="reflect")

    def run():
        with net.create_extractor() as extractor:
            extractor.input(source, ncnn.Mat(padded).clone())
            status, result = extractor.extract(target)
            if status != 0:
                raise RuntimeError(f"ncnn returned {status}")
            return numpy.array(result)[:, 4 * EDGE:-4 * EDGE, 4 * EDGE:-4 * EDGE]

    if run().shape != (3, 4 * side, 4 * side):
        raise RuntimeError("the result has another size")
    kind = " in bf16" if storage else ""
    peers.add(f"upscale {side}×{side} by {name}{kind} on cpu", f"ncnn {ncnn.__version__}", peers.best(run, 3))


def ends(path):
    """The names of a network's first and last blob."""
    with open(path, encoding="utf-8") as file:
        layers = [line.split() for line in file.read().splitlines()[2:] if line.strip()]
    source = next(fields[4] for fields in layers if fields[0] == "Input")
    return source, layers[-1][4 + int(layers[-1][2])]
