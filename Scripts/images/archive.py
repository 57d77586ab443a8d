"""Archives of images: what Sources/CDeviceKernels/images.c reads.

    8 bytes   "FERRYIMG"
    32 bytes  SHA-256 of what the images were made of
    32 bytes  SHA-256 of all that follows
    u32       count
    count × 5 u32: places of the target's and the key's text and of the packed image (from the start of
              the file), bytes of the packed image (raw DEFLATE, RFC 1951), bytes of the image
    texts, each ended by a zero byte, then packed images

Numbers are little-endian.
"""

import hashlib
import json
import pathlib
import struct
import zlib

from . import compiler

MAGIC = b"FERRYIMG"
HEADER = 72
ENTRY = struct.Struct("<5I")


def digest(variants):
    """Of everything that decides what the images are: sources, defines, targets, compiler, options."""
    made_of = {
        "version": compiler.VERSION,
        "compiler": pathlib.Path(compiler.__file__).read_text(encoding="utf-8"),
        "variants": [[v.key, v.targets, v.text] for v in variants],
    }
    return hashlib.sha256(json.dumps(made_of).encode()).digest()


def write(path, made_of, images):
    """Writes images, a dictionary by (target, key)."""
    texts, places = bytearray(), {}
    start = HEADER + 4 + ENTRY.size * len(images)
    for text in dict.fromkeys(text for pair in sorted(images) for text in pair):
        places[text] = start + len(texts)
        texts += text.encode() + b"\0"
    entries, data = bytearray(), bytearray()
    for (target, key), image in sorted(images.items()):
        packed = pack(image)
        place = start + len(texts) + len(data)
        entries += ENTRY.pack(places[target], places[key], place, len(packed), len(image))
        data += packed
    body = struct.pack("<I", len(images)) + entries + texts + data
    path.write_bytes(MAGIC + made_of + hashlib.sha256(body).digest() + body)


def read_digest(path):
    """What an archive's images were made of; None where it is missing or damaged."""
    data = path.read_bytes() if path.exists() else b""
    whole = data[:8] == MAGIC and hashlib.sha256(data[HEADER:]).digest() == data[40:HEADER]
    return data[8:40] if whole else None


def read(path):
    """The images, by (target, key)."""
    data = path.read_bytes()
    images = {}
    for i in range(struct.unpack_from("<I", data, HEADER)[0]):
        target, key, place, packed, size = ENTRY.unpack_from(data, HEADER + 4 + i * ENTRY.size)
        image = zlib.decompress(data[place : place + packed], wbits=-15)
        if len(image) != size:
            raise ValueError(f"{path.name}: entry {i} unpacks to {len(image)} bytes, not {size}")
        images[text(data, target), text(data, key)] = image
    return images


def text(data, place):
    return data[place : data.index(b"\0", place)].decode()


def pack(image):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return packer.compress(image) + packer.flush()
