"""The compiler: a pinned package, loaded as a library, with the options all images are built with."""

import ctypes
import pathlib
import re
import subprocess
import sys

REQUIREMENTS = pathlib.Path(__file__).parent / "requirements.txt"
VERSION = re.search(r"nvrtc-cu12==(\S+)", REQUIREMENTS.read_text()).group(1)
FOLDER = pathlib.Path(__file__).resolve().parents[2] / ".build" / "cuda-compiler" / VERSION

# No contraction, subnormals kept, division and square root correctly rounded: the formats' rule.
OPTIONS = [
    "--std=c++17",
    "--fmad=false",
    "--ftz=false",
    "--prec-div=true",
    "--prec-sqrt=true",
    "--diag-suppress=177",  # a word that a program does not use
]


class CompileError(Exception):
    pass


def install():
    """Installs the pinned package where it is not there yet; its folder may be removed any time."""
    library = FOLDER / "nvidia" / "cuda_nvrtc" / "lib" / "libnvrtc.so.12"
    if not library.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        options = ["--no-deps", "--require-hashes", "--target", FOLDER, "--requirement", REQUIREMENTS]
        subprocess.run(pip + options, check=True)
    return library


class Compiler:
    """A loaded compiler; one a process."""

    def __init__(self):
        self.library = ctypes.CDLL(str(install()))

    def compile(self, variant, target, verbose=False):
        """The image of a variant for a target, and the compiler's log.

        "sm_90" gives a native image, "compute_75" text that a driver compiles, NUL included.
        """
        program = ctypes.c_void_p()
        name = f"{variant.program}.cu".encode()
        self.call("CreateProgram", ctypes.byref(program), variant.text.encode(), name, 0, None, None)
        try:
            return self.build(program, variant, target, verbose)
        finally:
            self.call("DestroyProgram", ctypes.byref(program))

    def build(self, program, variant, target, verbose):
        options = [f"--gpu-architecture={target}"] + OPTIONS
        native = target.startswith("sm_")
        if verbose and native:
            options.append("--ptxas-options=-v")
        array = (ctypes.c_char_p * len(options))(*[option.encode() for option in options])
        failed = self.library.nvrtcCompileProgram(program, len(options), array)
        log = self.bytes("ProgramLog", program).rstrip(b"\0").decode()
        if failed or " warning " in log:
            raise CompileError(f"{variant.key} for {target}: {log}")
        return self.bytes("CUBIN" if native else "PTX", program), log

    def bytes(self, what, program):
        size = ctypes.c_size_t()
        self.call(f"Get{what}Size", program, ctypes.byref(size))
        buffer = ctypes.create_string_buffer(size.value)
        self.call(f"Get{what}", program, buffer)
        return buffer.raw

    def call(self, name, *arguments):
        if code := getattr(self.library, f"nvrtc{name}")(*arguments):
            raise CompileError(f"nvrtc{name} fails with {code}")
