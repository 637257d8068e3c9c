# shellcheck shell=sh
# The build environment. Source it; it changes no file and needs nothing but a POSIX shell:
#
#     . scripts/env.sh
#
# Every script sources it, and so should you before calling cargo by hand: the same compiler, the same target folder and the
# same settings everywhere is what keeps the 700 dependencies from being built twice.
#
# VITRINE_CACHE   tools, ONNX Runtime, Python environments   (default ~/.cache/vitrine)
# VITRINE_TARGET  what cargo builds                          (default VITRINE_CACHE/target)
# Anything already set in your environment under the names below is left as you set it.

VITRINE_CACHE="${VITRINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vitrine}"
export VITRINE_CACHE

vitrine_prepend_path() {
  case ":$PATH:" in
    *":$1:"*)
      # Already there: move to the front only if something else is before it.
      case "$PATH" in "$1":*) return 0 ;; esac
      PATH="$1:$(printf ':%s:' "$PATH" | sed -e "s|:$1:|:|g" -e 's|^:||' -e 's|:$||')"
      ;;
    *) PATH="$1:$PATH" ;;
  esac
}

# cargo looks for its subcommands in its own bin folder first unless that folder is on PATH, so put it there, then
# whatever is to win over it.
vitrine_prepend_path "${CARGO_HOME:-$HOME/.cargo}/bin"
# Written by scripts/setup-rust.sh where Debian's compiler is used instead of rustup's: sets VITRINE_RUST_BIN and the linker.
if [ -f "$VITRINE_CACHE/rust.env" ]; then
  # shellcheck source=/dev/null
  . "$VITRINE_CACHE/rust.env"
fi
if [ -n "${VITRINE_RUST_BIN:-}" ]; then
  vitrine_prepend_path "$VITRINE_RUST_BIN"
fi
# wasm-opt, lightningcss, cargo-deny.
vitrine_prepend_path "$VITRINE_CACHE/tools/bin"
export PATH
unset -f vitrine_prepend_path

CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${VITRINE_TARGET:-$VITRINE_CACHE/target}}"
export CARGO_TARGET_DIR

# ONNX Runtime is loaded when the server starts, not linked: this is where.
if [ -z "${ORT_DYLIB_PATH:-}" ] && [ -e "$VITRINE_CACHE/onnxruntime/current" ]; then
  ORT_DYLIB_PATH="$VITRINE_CACHE/onnxruntime/current"
  export ORT_DYLIB_PATH
fi

# LanceDB's build reads protocol buffers.
if [ -z "${PROTOC:-}" ] && command -v protoc >/dev/null 2>&1; then
  PROTOC="$(command -v protoc)"
  export PROTOC
fi

if [ -z "${CHROMIUM:-}" ]; then
  for vitrine_candidate in /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    if [ -x "$vitrine_candidate" ]; then
      CHROMIUM="$vitrine_candidate"
      export CHROMIUM
      break
    fi
  done
  unset vitrine_candidate
fi
