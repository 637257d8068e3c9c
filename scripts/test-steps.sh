# shellcheck shell=bash
# The steps of ./test: a line in the table, and a function step_NAME (dashes become underscores) that fails if the step does.
# A step may write a remark for the summary with `remark`.

steps='setup        the compiler, ONNX Runtime, Chromium and the tools (first time: about 3 min)
format       rustfmt
lint         clippy on everything that runs on the server (first time: compiles everything)
lint-web     clippy on everything that runs in the browser (first time: several minutes)
unit         unit and integration tests
python       ruff and pytest on the atelier
scripts      shellcheck on the scripts
licences     cargo-deny: licences, banned crates, sources, known vulnerabilities
web          the browser bundle, and what a first visit downloads (first time: several minutes)
end2end      the page in Chromium'

list_steps() { printf '%s\n' "$steps"; }
step_names() { printf '%s\n' "$steps" | cut -d ' ' -f 1; }
is_step() { step_names | grep -Fqx -- "$1"; }
step_description() { printf '%s\n' "$steps" | sed -n "s/^$1  *//p"; }
remark() { printf '(%s)' "$*" >"$VITRINE_REMARK"; }

# start_beside STEP...: builds, beside the first of these steps, what the last of them need; see scripts/beside-tests.sh. In a process
# group of its own, so that it ends when ./test does.
start_beside() {
  case " $* " in *' unit '*) ;; *) return 0 ;; esac
  case " $* " in *' web '* | *' end2end '* | *' licences '*) ;; *) return 0 ;; esac
  set -m
  yielding scripts/beside-tests.sh </dev/null >"$VITRINE_LOGS/beside-tests.log" 2>&1 &
  VITRINE_BESIDE=$!
  set +m
  trap 'kill -TERM -- "-$VITRINE_BESIDE" 2>/dev/null || true' EXIT
  trap 'exit 130' INT TERM
}
wait_for_beside() {
  if [ -n "${VITRINE_BESIDE:-}" ] && kill -0 "$VITRINE_BESIDE" 2>/dev/null; then
    say "waiting for what is built beside this (its output: $VITRINE_LOGS/beside-tests.log)"
    while kill -0 "$VITRINE_BESIDE" 2>/dev/null; do sleep 1; done
  fi
}

step_setup() {
  scripts/setup-rust.sh
  # shellcheck source=scripts/env.sh
  . scripts/env.sh
  scripts/setup-onnxruntime.sh
  scripts/setup-node.sh
  scripts/setup-browser.sh
  scripts/setup-python.sh atelier
  scripts/setup-shellcheck.sh
}

step_format() {
  cargo fmt --all --check
  cargo fmt --manifest-path scripts/bind/Cargo.toml --check
}

# The same selection and profile everywhere (the whole workspace, dev), so that every dependency is built once with one set of features.
step_lint() {
  RUSTC_WORKSPACE_WRAPPER="$VITRINE_ROOT/scripts/clippy-as-rustc.sh" cargo build --locked --workspace --all-targets
}

step_lint_web() {
  cargo clippy --locked --target wasm32-unknown-unknown --package domain --package imaging --package app --package frontend \
    --features app/hydrate -- -D warnings
}

step_licences() {
  wait_for_beside
  scripts/setup-deny.sh
  cargo deny --locked check --hide-inclusion-graph bans licenses sources
  # The vulnerability database is a git repository on the net. Not reaching it says nothing about the code.
  if within 120 cargo deny --locked fetch db >"$VITRINE_LOGS/advisories.log" 2>&1; then
    cargo deny --locked check --hide-inclusion-graph advisories
  else
    say "the vulnerability database is out of reach, so it was not consulted"
    remark "without the vulnerability database, which is out of reach"
  fi
}

step_scripts() {
  if ! have shellcheck; then
    say "shellcheck is not installed, so the scripts were not checked"
    remark "skipped: shellcheck is not installed"
    return 0
  fi
  shellcheck -x run test .ci/run scripts/*.sh
}

step_unit() { cargo test --locked --workspace --no-fail-fast; }

step_python() {
  local python="$VITRINE_CACHE/python/atelier-test/bin/python"
  [ -x "$python" ] || fail "The atelier's Python environment is missing." "Run: scripts/setup-python.sh atelier"
  "$python" -m ruff check --no-cache atelier
  "$python" -B -m pytest -q -p no:cacheprovider -m 'not slow' atelier
}

# Kilobytes that the site's own files may take on a first visit, compressed. Only ever to be lowered.
VITRINE_FIRST_VISIT_KB=445

step_web() {
  wait_for_beside
  scripts/build-web.sh
  say "what a first visit downloads, compressed:"
  node scripts/web-tools/weigh.mjs target/site "$VITRINE_FIRST_VISIT_KB"
}

step_end2end() {
  # They look for real pieces with the real model: without the two there is nothing that they could tell.
  if [ ! -f models/starter/model.toml ] || [ ! -f demo/listings.jsonl ]; then
    say "models/starter or demo is not in this checkout: the browser tests cannot run (docs/ATELIER.md says how both are made)"
    remark "skipped: no starter model or no demo catalogue"
    return 0
  fi
  wait_for_beside
  scripts/build-web.sh
  # All targets of the workspace, as in the unit step, so that nothing is built a second time with fewer features.
  cargo build --locked --workspace --all-targets
  export CHROMIUM LEPTOS_OUTPUT_NAME=vitrine LEPTOS_SITE_ROOT="$VITRINE_ROOT/target/site" VITRINE_BIN="$CARGO_TARGET_DIR/debug/vitrine"
  if [ -x end2end/run.sh ]; then end2end/run.sh; else (cd end2end && npm test); fi
}

# telling LOG: the lines of a step's output that say what failed and why, and its last ones.
telling() {
  grep -nE 'FAILED|panicked at|^error|^ +[0-9]+\) \[|^E  |^failures:' "$1" | cut -c 1-300 | head -n 30 || true
  printf '    ...\n'
  tail -n 20 "$1" | cut -c 1-300
  printf '    (all of it: %s)\n' "$1"
}

# within SECONDS COMMAND...: as `timeout` does, which macOS lacks.
within() {
  local limit="$1" job waited=0
  shift
  "$@" &
  job=$!
  while kill -0 "$job" 2>/dev/null; do
    if [ "$waited" -ge "$limit" ]; then kill "$job" 2>/dev/null; break; fi
    sleep 1
    waited=$((waited + 1))
  done
  wait "$job"
}
