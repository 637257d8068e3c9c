#!/usr/bin/env bash
# Node.js and, from npm, the tools that finish the browser build: wasm-opt (binaryen) and Lightning CSS.
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

node_major() { node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/'; }
if ! have node || ! have npm; then
  if can_apt; then
    apt_install nodejs npm || fail "Node.js could not be installed." "Run: apt-get install nodejs npm"
  else
    fail "Node.js and npm are missing." "Run: $(advise 'nodejs npm' node)"
  fi
fi
[ "$(node_major)" -ge 18 ] || fail "Node.js $(node --version) is too old; 18 or later is needed." "Run: $(advise 'nodejs npm' node)"

tools="$VITRINE_CACHE/web-tools"
source="$VITRINE_ROOT/scripts/web-tools"
version="$(digest "$source/package.json" "$source/package-lock.json")"
if is_done web-tools "$version" && [ -x "$tools/node_modules/.bin/wasm-opt" ]; then
  say "wasm-opt and Lightning CSS: ready"
  exit 0
fi
say "fetching wasm-opt and Lightning CSS (about 10 s)"
mkdir -p "$tools"
cp "$source/package.json" "$source/package-lock.json" "$source/.npmrc" "$tools/"
( cd "$tools" && logged web-tools npm ci --ignore-scripts ) \
  || fail "wasm-opt and Lightning CSS could not be fetched from npm." "Check that the npm registry can be reached, then run this again."
ln -sf "$tools/node_modules/.bin/wasm-opt" "$VITRINE_CACHE/tools/bin/wasm-opt"
mark_done web-tools "$version"
say "wasm-opt and Lightning CSS: ready"
