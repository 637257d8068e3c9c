#!/usr/bin/env bash
# Lighthouse on the demo's pages, on its phone settings: prints a table of scores. The full reports: target/lighthouse.
#
#     scripts/lighthouse.sh                                   on the demo catalogue, with the server at VITRINE_BIN (default: the release build)
#     VITRINE_URL=http://127.0.0.1:3000 scripts/lighthouse.sh on a server that runs already
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$VITRINE_ROOT"

scripts/setup-node.sh
[ -x "${CHROMIUM:-}" ] || fail "No Chromium was found." "Run: scripts/setup-browser.sh"
export CHROMIUM VITRINE_LIGHTHOUSE="$VITRINE_CACHE/lighthouse"
version="$(digest scripts/lighthouse/package.json scripts/lighthouse/package-lock.json)"
if ! is_done lighthouse "$version" || [ ! -d "$VITRINE_LIGHTHOUSE/node_modules/lighthouse" ]; then
  say "fetching Lighthouse (about 20 s)"
  mkdir -p "$VITRINE_LIGHTHOUSE"
  cp scripts/lighthouse/package.json scripts/lighthouse/package-lock.json scripts/lighthouse/.npmrc "$VITRINE_LIGHTHOUSE/"
  ( cd "$VITRINE_LIGHTHOUSE" && logged lighthouse npm ci --ignore-scripts ) \
    || fail "Lighthouse could not be fetched from npm." "Check that the npm registry can be reached, then run this again."
  mark_done lighthouse "$version"
fi

if [ -z "${VITRINE_URL:-}" ]; then
  vitrine="${VITRINE_BIN:-$CARGO_TARGET_DIR/release/vitrine}"
  [ -x "$vitrine" ] || fail "There is no built server at $vitrine." "Run ./run first, or set VITRINE_BIN or VITRINE_URL."
  data="$(mktemp -d)"
  trap 'kill "$server" 2>/dev/null || true; rm -rf "$data"' EXIT
  port="${VITRINE_PORT:-3999}"
  export VITRINE_DATA="$data/data" VITRINE_LOG=warn LEPTOS_OUTPUT_NAME=vitrine LEPTOS_SITE_ROOT="$VITRINE_ROOT/target/site"
  say "taking in the demo"
  logged lighthouse-ingest "$vitrine" ingest demo/listings.jsonl --photos demo/photos
  "$vitrine" serve --address "127.0.0.1:$port" &
  server=$!
  VITRINE_URL="http://127.0.0.1:$port"
  for _ in $(seq 300); do
    curl -fs "$VITRINE_URL/ready" >/dev/null 2>&1 && break
    kill -0 "$server" 2>/dev/null || fail "The server ended before it was ready." "Its complaint is above."
    sleep 0.2
  done
fi
say "looking at the pages as a phone sees them (some minutes)"
node scripts/lighthouse/run.mjs "$VITRINE_URL" target/lighthouse "${VITRINE_TIMES:-3}"
say "the full reports are in target/lighthouse"
