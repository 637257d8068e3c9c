#!/usr/bin/env bash
# What ./test needs beyond a build: cargo-deny and shellcheck.
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

deny_version=0.20.2
if [ "$(cargo-deny --version 2>/dev/null | awk '{ print $2 }')" = "$deny_version" ] || { have cargo-deny && [ ! -x "$VITRINE_CACHE/tools/bin/cargo-deny" ]; }; then
  say "cargo-deny: ready"
else
  say "building cargo-deny $deny_version (about 5 min on 2 cores)"
  logged cargo-deny env -u CARGO_TARGET_DIR cargo install "cargo-deny@$deny_version" --locked --debug --force --root "$VITRINE_CACHE/tools" \
    || fail "cargo-deny could not be built." "Check that the crate registry can be reached, then run this again."
fi

if have shellcheck; then
  say "shellcheck: ready"
elif can_apt; then
  apt_install shellcheck || say "shellcheck could not be installed; its step will be skipped"
else
  say "shellcheck is missing; its step will be skipped. To have it: $(advise shellcheck shellcheck)"
fi
