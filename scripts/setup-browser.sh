#!/usr/bin/env bash
# What the end-to-end tests need: Chromium, and Playwright out of end2end/package-lock.json.
# CHROMIUM may name a Chromium or Chrome of your own.
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ -z "${CHROMIUM:-}" ]; then
  if can_apt; then
    say "installing Chromium (about 1 min)"
    apt_install chromium fonts-liberation || fail "Chromium could not be installed." "Run: apt-get install chromium"
    CHROMIUM=/usr/bin/chromium
  else
    fail "No Chromium was found." "Run: $(advise chromium '--cask chromium')" "or set CHROMIUM to a Chromium or Chrome that you have."
  fi
fi
[ -x "$CHROMIUM" ] || fail "CHROMIUM names $CHROMIUM, which is not a program." "Correct it, or unset it."

end2end="$VITRINE_ROOT/end2end"
version="$(digest "$end2end/package.json" "$end2end/package-lock.json")"
if is_done end2end "$version" && [ -d "$end2end/node_modules/@playwright/test" ]; then
  say "Chromium and Playwright: ready"
  exit 0
fi
say "fetching Playwright (about 10 s)"
( cd "$end2end" && logged end2end npm ci --ignore-scripts ) \
  || fail "Playwright could not be fetched from npm." "Check that the npm registry can be reached, then run this again."
mark_done end2end "$version"
say "Chromium and Playwright: ready"
