#!/usr/bin/env bash
# Builds what the browser gets into target/site: the page's WebAssembly, its JavaScript, the stylesheet, the public files.
# The same as `cargo leptos build --release` would, without the minutes it takes to install cargo-leptos. What is tested is what is shipped:
# there is one browser build, the optimised one.
#
#   target/site/                what is in public/
#   target/site/pkg/            vitrine-DIGEST.js  vitrine-DIGEST_bg.wasm  vitrine-DIGEST.css, each with .br and .gz beside it, so that browsers may
#                               keep them for ever; vitrine.name says the name to the server
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$VITRINE_ROOT"

site="$VITRINE_ROOT/target/site"
wasm="$CARGO_TARGET_DIR/wasm32-unknown-unknown/browser/frontend.wasm"

say "compiling for the browser (first time: several minutes)"
cargo build --locked --package frontend --lib --target wasm32-unknown-unknown --profile browser \
  || fail "The browser build failed." "The compiler's message above says where."
cargo build --locked --manifest-path scripts/bind/Cargo.toml --target-dir "$CARGO_TARGET_DIR/bind" \
  || fail "scripts/bind could not be built." "The compiler's message above says why."
[ -f style/main.css ] || fail "style/main.css is missing." "Restore it with: git checkout style"

# Everything that the result depends on, names and contents, so that a second build is over at once.
inputs() { find style public scripts/build-web.sh scripts/web-tools scripts/bind/src -type f "$@"; }
version="$({ inputs | LC_ALL=C sort; inputs -print0 | LC_ALL=C sort -z | xargs -0 cat; cat "$wasm"; } | digest -)"
if [ "$(cat "$site/.version" 2>/dev/null || true)" = "$version" ]; then
  say "the browser bundle is up to date"
  exit 0
fi

# Into a folder of its own, swapped in whole: a server that is running never sees half a bundle.
new="$site.new"
name="vitrine-$(printf %.12s "$version")"
rm -rf "$new"
mkdir -p "$new/pkg"
cp -R public/. "$new/"
say "binding and shrinking it"
"$CARGO_TARGET_DIR/bind/debug/bind" "$wasm" "$new/pkg" "$name" \
  || fail "The JavaScript beside the WebAssembly could not be written." "The message above says why."
# The features that rustc itself takes for granted in this target; no browser of the last four years lacks one.
# Small functions go into their callers: browsers compile each function when it is first called, on the page's own thread, and a page that comes to life
# calls some thousand. It costs 2 % more to download, and a fifth fewer are compiled; docs/PERFORMANCE.md.
wasm-opt -Os --always-inline-max-function-size=12 --enable-bulk-memory --enable-bulk-memory-opt --enable-multivalue --enable-mutable-globals \
  --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext "$new/pkg/${name}_bg.wasm" -o "$new/pkg/small.wasm" \
  || fail "wasm-opt failed." "Run scripts/setup-node.sh, which fetches it."
mv "$new/pkg/small.wasm" "$new/pkg/${name}_bg.wasm"
node scripts/web-tools/style.mjs style/main.css "$new/pkg/$name.css" "$VITRINE_CACHE/web-tools/node_modules" \
  || fail "The stylesheet has an error." "The message above says where."
# Leptos asks for this name when it was compiled by cargo-leptos, and for the other when it was not.
cp "$new/pkg/${name}_bg.wasm" "$new/pkg/$name.wasm"
printf '%s\n' "$name" >"$new/pkg/vitrine.name"
node scripts/web-tools/compress.mjs "$new"
printf '%s\n' "$version" >"$new/.version"
rm -rf "$site.old"
if [ -d "$site" ]; then mv "$site" "$site.old"; fi
mv "$new" "$site"
rm -rf "$site.old"
say "the browser bundle is in target/site"
