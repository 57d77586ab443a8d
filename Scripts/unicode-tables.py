#!/usr/bin/env python3
"""Writes the Unicode tables of the tokenizers: what the package `tokenizers` itself makes of every scalar.

    pip install tokenizers==0.23.3
    Scripts/unicode-tables.py            writes Sources/FerryModels/Tokenization/Unicode/*Table.swift
    Scripts/unicode-tables.py --check    fails unless they are what it would write

The parts of `tokenizers` follow different versions of Unicode: its regular expressions (Oniguruma), Rust's own
`char`, the crate `regex`, `unicode_categories`, `unicode-normalization-alignments`. So the tables are not taken
from a version of Unicode, but asked of the package, scalar by scalar.
"""

import pathlib
import sys
import unicodedata

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers
from tokenizers import pre_tokenizers as pre

VERSION = "0.23.3"
TARGET = pathlib.Path(__file__).resolve().parents[1] / "Sources/FerryModels/Tokenization/Unicode"
SCALARS = [c for c in range(0x110000) if not 0xd800 <= c < 0xe000]
# Hangul syllables are put together by arithmetic.
HANGUL = range(0xac00, 0xd7a4)


def chunks(size=4096):
    return [SCALARS[i:i + size] for i in range(0, len(SCALARS), size)]


def matching(expression):
    """The scalars that an expression of one scalar matches, in Oniguruma."""
    splitter = pre.Split(Regex(f"(?:{expression})+"), "removed", invert=True)
    found = set()
    for chunk in chunks():
        for _, (start, end) in splitter.pre_tokenize_str("".join(map(chr, chunk))):
            found.update(chunk[start:end])
    return found


def cut_off(pre_tokenizer):
    """The scalars that a pre-tokenizer makes words of their own between letters."""
    found = set()
    for chunk in chunks():
        text = "".join("a" + chr(c) for c in chunk) + "a"
        for _, (start, end) in pre_tokenizer.pre_tokenize_str(text):
            if end - start == 1 and start % 2 == 1:
                found.add(chunk[start // 2])
    return found


def beside_added_token(token, before, test):
    """The scalars behind an added token "Q" for which `test` holds of where it was found, if it was."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.add_tokens([token])
    found = set()
    for chunk in chunks():
        offsets = tokenizer.encode("".join(before + "Q" + chr(c) for c in chunk)).offsets
        places = {start // 3: end - start for start, end in offsets}
        found.update(c for i, c in enumerate(chunk) if test(places.get(i)))
    return found


def bert(**flags):
    off = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**off, **flags})


def each(normalizer):
    return {c: normalizer.normalize_str(chr(c)) for c in SCALARS}


def combining_classes(nfd):
    """The canonical combining classes that order marks; by what is put in order."""
    decompose = normalizers.NFD().normalize_str
    alone = [c for c in SCALARS if nfd[c] == chr(c)]
    # A mark of class 1 goes before every other, one of class 240 behind.
    marks = [c for c in alone if decompose(chr(c) + "\u0334") == "\u0334" + chr(c) or
             decompose("\u0345" + chr(c)) == chr(c) + "\u0345"]
    marks = sorted(set(marks) | {0x334, 0x345})
    classes = {c: unicodedata.combining(chr(c)) for c in marks}
    example = {classes[c]: c for c in reversed(marks)}
    for mark, own in classes.items():
        for other, scalar in example.items():
            swapped = decompose(chr(scalar) + chr(mark)) == chr(mark) + chr(scalar)
            if mark != scalar and swapped != (0 < own < other):
                raise SystemExit(f"U+{mark:04X} is not of class {own}")
    return classes


def decompositions(nfd):
    """By scalar: its decomposition, and whether it is put together again: then that is of two scalars."""
    compose = normalizers.NFC().normalize_str
    result = {}
    for c in SCALARS:
        whole = nfd[c]
        if whole == chr(c) or c in HANGUL:
            continue
        if len(whole) > 1 and compose(whole) == chr(c):
            first = compose(whole[:-1])
            if len(first) != 1 or nfd[ord(first)] != whole[:-1]:
                raise SystemExit(f"U+{c:04X} is not made of two scalars")
            result[c] = (first + whole[-1], True)
        else:
            result[c] = (whole, False)
    return result


def classes(nfd, marks, decomposed, lower):
    """Scalars by class, in the order of the bits."""
    cleaned, stripped = each(bert(clean_text=True)), each(bert(strip_accents=True))
    general = {
        "uppercase": "Lu", "lowercase": "Ll", "titlecase": "Lt", "modifier": "Lm", "other": "Lo", "mark": "M",
        "number": "N", "punctuation": "P", "symbol": "S"}
    result = {name: matching(rf"\p{{{category}}}") for name, category in general.items()}
    result["space"] = matching(r"\s")
    result["numeric"] = cut_off(pre.Digits(individual_digits=True))
    result["word"] = beside_added_token(
        AddedToken("Q", single_word=True, normalized=False), " ", lambda width: width is None)
    result["control"] = {c for c in SCALARS if cleaned[c] == ""}
    result["bertPunctuation"] = cut_off(pre.BertPreTokenizer())
    result["accent"] = {c for c in SCALARS if stripped[c] == "" and nfd[c] == chr(c)}
    second = {ord(text[-1]) for text, composes in decomposed.values() if composes}
    jamo = set(range(0x1161, 0x1176)) | set(range(0x11a8, 0x11c3))
    result["decomposing"] = set(marks) | set(decomposed) | set(HANGUL)
    lost = {c for c, (_, composes) in decomposed.items() if not composes}
    result["composing"] = set(marks) | second | jamo | lost
    result["capital"] = {c for c in SCALARS if lower[c] != chr(c)}

    spaces = {c for c in SCALARS if cleaned[c] == " "}
    beside = beside_added_token(
        AddedToken("Q", rstrip=True, normalized=False), " ", lambda width: width == 3)
    if not (result["space"] == beside == spaces | result["space"] & result["control"]):
        raise SystemExit("white space is not the same everywhere")
    letters = set().union(*(result[name] for name in list(general)[:5]))
    if letters != matching(r"\p{L}"):
        raise SystemExit("letters are other than their kinds")
    return result


def runs(scalars):
    """Neighbouring scalars as ranges. Surrogates are no scalars: a range may go over them."""
    result = []
    for c in sorted(scalars):
        if result and (result[-1][1] == c - 1 or (result[-1][1], c) == (0xd7ff, 0xe000)):
            result[-1][1] = c
        else:
            result.append([c, c])
    return result


def lines(items, indent=4, width=98):
    """Items with spaces between, as the lines of a Swift text that has no line ends."""
    result, line = [], ""
    for item in items:
        if line and indent + len(line) + 1 + len(item) + 2 > width:
            result.append(line)
            line = ""
        line += (" " if line else "") + item
    result.append(line)
    return "".join(" " * indent + line + " \\\n" for line in result[:-1]) + " " * indent + result[-1]


def spelled(low, high):
    return f"{low:x}" if low == high else f"{low:x}-{high:x}"


HEADER = f"""\
// Made by Scripts/unicode-tables.py from tokenizers {VERSION}; not to be changed by hand.

"""


def literal(name, documentation, items):
    return (f"  /// {documentation}\n  static let {name}: StaticString = \"\"\"\n"
            f"{lines(items)}\n    \"\"\"\n")


def class_table(found):
    parts = [literal(name, f"``ScalarClass/{name}``.", [spelled(*run) for run in runs(scalars)])
             for name, scalars in found.items()]
    return (HEADER + "/// The scalars of each class that the reference distinguishes, as hexadecimal ranges.\n"
            "enum ScalarClassTable {\n"
            + "\n".join(parts) + "}\n")


def canonical_table(marks, decomposed):
    by_class = {}
    for mark, number in marks.items():
        by_class.setdefault(number, set()).add(mark)
    ordered = [f"{number}:" + ",".join(spelled(*run) for run in runs(by_class[number]))
               for number in sorted(by_class)]
    pieces = []
    for entry in ordered:  # A class of hundreds of ranges stands in parts.
        number, ranges = entry.split(":")
        ranges = ranges.split(",")
        pieces += [f"{number}:" + ",".join(ranges[i:i + 5]) for i in range(0, len(ranges), 5)]
    mappings = [f"{c:x}{'=' if composes else '!'}" + ",".join(f"{ord(s):x}" for s in text)
                for c, (text, composes) in sorted(decomposed.items())]
    return (HEADER + "/// The reference's data for canonical decomposition and composition.\n"
            "enum CanonicalTable {\n"
            + literal("combiningClasses", "`class:ranges`, for marks that are reordered.", pieces) + "\n"
            + literal("decompositions",
                      "`scalar=first,second` if the two are composed again, otherwise `scalar!scalars`.",
                      mappings) + "}\n")


def lowercase_table(lower):
    """`first-last+distance`, or `first-last/distance` for every second scalar."""
    changed = [(c, lower[c]) for c in SCALARS if lower[c] != chr(c)]
    single = [(c, ord(text) - c) for c, text in changed if len(text) == 1]
    multiple = [(c, text) for c, text in changed if len(text) > 1]
    items, i = [], 0
    while i < len(single):
        best = (1, 1)
        for step in (1, 2):
            j = i
            while j + 1 < len(single) and single[j + 1] == (single[j][0] + step, single[i][1]):
                j += 1
            best = max(best, (j - i + 1, step))
        count, step = best
        first, distance = single[i]
        last = first + step * (count - 1)
        items.append(f"{spelled(first, last)}{'+' if step == 1 else '/'}{distance}")
        i += count
    long = [f"{c:x}=" + ",".join(f"{ord(s):x}" for s in text) for c, text in multiple]
    return (HEADER + "/// The reference's mappings to lowercase.\n"
            "enum LowercaseTable {\n"
            + literal("distances",
                      "`range+distance`; with `/`, every second scalar of the range.", items) + "\n"
            + literal("sequences", "`scalar=scalars`, for scalars whose lowercase form is a sequence.", long) + "}\n")


def tables():
    nfd, lower = each(normalizers.NFD()), each(bert(lowercase=True))
    marks, decomposed = combining_classes(nfd), decompositions(nfd)
    return {
        "ScalarClassTable.swift": class_table(classes(nfd, marks, decomposed, lower)),
        "CanonicalTable.swift": canonical_table(marks, decomposed),
        "LowercaseTable.swift": lowercase_table(lower),
    }


def main():
    if tokenizers.__version__ != VERSION:
        raise SystemExit(f"this asks tokenizers {VERSION}, not {tokenizers.__version__}")
    stale = []
    for name, text in tables().items():
        path = TARGET / name
        if "--check" not in sys.argv:
            TARGET.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            stale.append(name)
    if stale:
        raise SystemExit(f"not what tokenizers {VERSION} says: {', '.join(stale)}")


if __name__ == "__main__":
    main()
