#!/usr/bin/env bash
# For the scripts step of ./test, which is skipped where there is no shellcheck.
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if have shellcheck; then
  say "shellcheck: ready"
elif can_apt; then
  apt_install shellcheck || say "shellcheck could not be installed; its step will be skipped"
else
  say "shellcheck is missing; its step will be skipped. To have it: $(advise shellcheck shellcheck)"
fi
