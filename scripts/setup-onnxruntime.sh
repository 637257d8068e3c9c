#!/usr/bin/env bash
# ONNX Runtime's shared library, out of the Python wheel of the version pinned in onnxruntime.txt. No Python runs it: a wheel
# is a zip archive, and PyPI is the one place that carries this library for every platform with a digest.
# Set ORT_DYLIB_PATH to use a library of your own (one with CUDA, say); then this script does nothing.
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

folder="$VITRINE_CACHE/onnxruntime"
if [ -n "${ORT_DYLIB_PATH:-}" ] && [ "$ORT_DYLIB_PATH" != "$folder/current" ]; then
  [ -e "$ORT_DYLIB_PATH" ] || fail "ORT_DYLIB_PATH names $ORT_DYLIB_PATH, which does not exist." \
    "Correct it, or unset it to have ONNX Runtime fetched."
  say "ONNX Runtime: yours, $ORT_DYLIB_PATH"
  exit 0
fi

pins="$VITRINE_ROOT/scripts/onnxruntime.txt"
wanted="$(sed -n 's/^onnxruntime==\([0-9.]*\).*/\1/p' "$pins")"
if is_done onnxruntime "$(digest "$pins")" && [ -e "$folder/current" ]; then
  say "ONNX Runtime $wanted: ready"
  exit 0
fi

say "fetching ONNX Runtime $wanted (24 MB)"
"$VITRINE_ROOT/scripts/setup-python.sh" >/dev/null
python="$VITRINE_CACHE/python/base/bin/python"
wheels="$(mktemp -d)"
trap 'rm -rf "$wheels"' EXIT
# Of the wheels, which all carry the same library, take one Python's: then one digest a platform is enough.
logged onnxruntime "$python" -m pip download --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 \
  --implementation cp --require-hashes -r "$pins" -d "$wheels" \
  || fail "ONNX Runtime $wanted could not be fetched." \
    "Check that the Python package index can be reached, or put the library anywhere and set ORT_DYLIB_PATH to it."
mkdir -p "$folder/$wanted"
"$python" - "$wheels" "$folder/$wanted" <<'PYTHON'
import pathlib, sys, zipfile

wheels, target = map(pathlib.Path, sys.argv[1:])
(wheel,) = wheels.glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        path = pathlib.PurePosixPath(name)
        if path.name in ("LICENSE", "ThirdPartyNotices.txt") or path.name.startswith("libonnxruntime"):
            (target / path.name).write_bytes(archive.read(name))
PYTHON
library="$(cd "$folder/$wanted" && find . -name 'libonnxruntime.*' ! -name '*providers*' | sed 's|^\./||' | head -n 1)"
[ -n "$library" ] || fail "The onnxruntime wheel holds no library for this platform." "Set ORT_DYLIB_PATH to a library of your own."
ln -sfn "$wanted/$library" "$folder/current"
mark_done onnxruntime "$(digest "$pins")"
say "ONNX Runtime $wanted: ready"
