#!/usr/bin/env bash
# wasm-bindgen's command line, of exactly the version in Cargo.lock: it refuses any other.
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

wanted="$(locked_version wasm-bindgen)"
[ -n "$wanted" ] || fail "Cargo.lock names no wasm-bindgen." "Restore it with: git checkout Cargo.lock"
if [ "$(wasm-bindgen --version 2>/dev/null | awk '{ print $2 }')" = "$wanted" ]; then
  say "wasm-bindgen $wanted: ready"
  exit 0
fi
say "building wasm-bindgen $wanted (about 3 min on 2 cores)"
# Unoptimised: it runs for seconds and would take minutes longer to build. Its own lock file is tried first; it has been
# seen to name versions that a mirror did not have yet.
install() { env -u CARGO_TARGET_DIR cargo install "wasm-bindgen-cli@$wanted" --debug --force --root "$VITRINE_CACHE/tools" "$@"; }
logged wasm-bindgen install --locked || logged wasm-bindgen install \
  || fail "wasm-bindgen $wanted could not be built." "Check that the crate registry can be reached, then run this again."
say "wasm-bindgen $wanted: ready"
