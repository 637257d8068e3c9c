#!/usr/bin/env bash
# cargo-deny, which the licences step of ./test runs.
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

deny_version=0.20.2
if [ "$(cargo-deny --version 2>/dev/null | awk '{ print $2 }')" = "$deny_version" ] || { have cargo-deny && [ ! -x "$VITRINE_CACHE/tools/bin/cargo-deny" ]; }; then
  say "cargo-deny: ready"
else
  say "building cargo-deny $deny_version (about 3 min on 2 cores)"
  logged cargo-deny env -u CARGO_TARGET_DIR cargo install "cargo-deny@$deny_version" --locked --debug --force --root "$VITRINE_CACHE/tools" \
    || fail "cargo-deny could not be built." "Check that the crate registry can be reached, then run this again."
fi
