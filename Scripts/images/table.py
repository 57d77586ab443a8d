"""The table of programs that images are made of: Sources/CDeviceKernels/images/programs.json."""

import dataclasses
import itertools
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "Sources" / "CDeviceKernels"
TABLE = SOURCES / "images" / "programs.json"


def read(path):
    return (SOURCES / path).read_text(encoding="utf-8")


@dataclasses.dataclass(frozen=True)
class Variant:
    """A program with its defines: what one image a target is made of."""

    program: str
    defines: tuple  # of (name, value), by name
    text: str
    targets: tuple

    @property
    def key(self):
        """The name in the catalog, as KernelProgram.imageKey spells it."""
        return " ".join([self.program] + [f"{name}={value}" for name, value in self.defines])


class Program:
    """A row of the table.

    `files` are joined as the host joins them. Each of `variants` maps defines to their values and
    stands for all combinations: "A": [...] is one define, "A=B": [...] are defines with equal
    values, "A B": ["x y", ...] are defines whose values go together. `collectives` asks for the
    words of groups of 32 threads, `targets` replaces the table's.
    """

    def __init__(self, row, targets):
        self.name = row["name"]
        self.files = row["files"]
        self.collectives = row.get("collectives", False)
        self.targets = tuple(row.get("targets", targets))
        self.grids = row.get("variants", [{}])

    @property
    def archive(self):
        return SOURCES / "images" / f"{self.name}.images"

    def variants(self):
        """All of them, each once, in the order of the table."""
        seen = {}
        for grid in self.grids:
            for defines in combinations(grid):
                variant = Variant(self.name, defines, self.text(defines), self.targets)
                seen[variant.key] = variant
        return list(seen.values())

    def text(self, defines):
        """What the compiler is given: as OpenCLPrograms.swift puts it together."""
        preludes = ["prelude/cuda.cu", "prelude/dialect.cl"]
        if self.collectives:
            preludes.append("prelude/collectives.cuda.cu")
        return (
            "".join(f"#define {name} {value}\n" for name, value in defines)
            + "".join(map(read, preludes))
            + f'#line 1 "{self.name}"\n'
            + "\n".join(map(read, self.files))
        )


def combinations(grid):
    """The tuples of (name, value), by name, that a grid stands for."""
    axes = [[spelled(names, value) for value in listed(values)] for names, values in grid.items()]
    for choice in itertools.product(*axes):
        yield tuple(sorted(itertools.chain.from_iterable(choice)))


def spelled(names, value):
    if "=" in names:
        return [(name, str(value)) for name in names.split("=")]
    names = names.split()
    values = str(value).split(maxsplit=len(names) - 1)
    if len(names) != len(values):
        raise ValueError(f"{names} has other than {len(names)} values in {value!r}")
    return list(zip(names, values))


def listed(values):
    return values if isinstance(values, list) else [values]


def programs():
    """Every row, in the order of the table."""
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    return [Program(row, table["targets"]) for row in table["programs"]]
