#!/usr/bin/env bash
# A Rust compiler with clippy, rustfmt and the wasm32-unknown-unknown target; protoc, which LanceDB's build needs.
#
# Two ways, tried in this order (VITRINE_RUST=rustup or VITRINE_RUST=debian forces one):
#   rustup   the ordinary one: rustup target add wasm32-unknown-unknown
#   debian   where rustup's server is out of reach and we are root on Debian: the compiler of Debian's security suite
#            (rustc-web), with the target's standard library built here from Debian's copy of its sources
# The choice is remembered in VITRINE_CACHE, because a change of compiler means building everything again.
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

needed="$(sed -n 's/^rust-version *= *"\(.*\)"/\1/p' "$VITRINE_ROOT/Cargo.toml" | head -n 1)"
stamp_of() { printf '%s %s' "$1" "$(rustc -vV 2>/dev/null | sed -n -e 's/^commit-hash: //p' -e 's/^release: //p' | tr '\n' ' ')"; }
rustc_version() { rustc --version 2>/dev/null | awk '{ print $2 }' | cut -d - -f 1; }
good_rust() { have cargo && have rustc && version_at_least "$(rustc_version)" "$needed"; }
has_web_std() { compgen -G "$(rustc --print sysroot 2>/dev/null)/lib/rustlib/wasm32-unknown-unknown/lib/libstd-*.rlib" >/dev/null; }

setup_protoc() {
  have protoc && return 0
  if can_apt; then
    apt_install protobuf-compiler libprotobuf-dev || fail "protoc could not be installed." "Run: apt-get install protobuf-compiler"
  else
    fail "protoc, the protocol buffer compiler, is missing; LanceDB's build needs it." \
      "Run: $(advise 'protobuf-compiler libprotobuf-dev' protobuf)"
  fi
}

setup_cc() {
  have cc && have make && return 0
  if can_apt; then
    apt_install build-essential || fail "a C compiler could not be installed." "Run: apt-get install build-essential"
  else
    fail "a C compiler is missing." "Run: $(advise build-essential 'gcc make') (on macOS: xcode-select --install)"
  fi
}

# Succeeds if rustup's default toolchain is, or can be made, enough.
try_rustup() {
  have rustup || return 1
  if ! good_rust; then
    say "rustup's Rust is $(rustc_version), and Vitrine needs $needed or later."
    return 1
  fi
  if ! has_web_std || ! cargo clippy --version >/dev/null 2>&1 || ! cargo fmt --version >/dev/null 2>&1; then
    say "asking rustup for the wasm32-unknown-unknown target, clippy and rustfmt (about 10 s)"
    # Where its server is out of reach rustup would retry for minutes.
    ( RUSTUP_MAX_RETRIES=1; export RUSTUP_MAX_RETRIES
      rustup target add wasm32-unknown-unknown && rustup component add clippy rustfmt ) >"$VITRINE_LOGS/rustup.log" 2>&1 &
    local rustup_job=$! waited=0
    while kill -0 "$rustup_job" 2>/dev/null; do
      if [ "$waited" -ge 180 ]; then kill "$rustup_job" 2>/dev/null || true; break; fi
      sleep 1
      waited=$((waited + 1))
    done
    wait "$rustup_job" || true
  fi
  has_web_std && cargo clippy --version >/dev/null 2>&1
}

build_web_std() {
  has_web_std && is_done web-std "$(stamp_of debian)" && return 0
  say "building Rust's standard library for the browser (about 1 min)"
  local work
  work="$(mktemp -d)"
  mkdir "$work/src"
  printf '%s\n' '[package]' 'name = "std-for-web"' 'version = "0.0.0"' 'edition = "2024"' '[lib]' 'crate-type = ["rlib"]' \
    '[workspace]' >"$work/Cargo.toml"
  : >"$work/src/lib.rs"
  # RUSTC_BOOTSTRAP: -Zbuild-std is a nightly flag, and these sources are exactly this compiler's.
  ( cd "$work" && RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$work/target" \
      logged web-std cargo build --release --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort ) \
    || { rm -rf "$work"; fail "Rust's standard library for the browser could not be built." \
      "Check that the crate registry can be reached, then run this again."; }
  local lib
  lib="$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib"
  rm -rf "$lib"
  mkdir -p "$lib"
  find "$work/target/wasm32-unknown-unknown/release/deps" -name '*.rlib' ! -name 'libstd_for_web-*' -exec cp {} "$lib/" \;
  rm -rf "$work"
  mark_done web-std "$(stamp_of debian)"
}

setup_debian() {
  can_apt || return 1
  [ "$(dpkg --print-architecture)" = amd64 ] || return 1
  say "using Debian's Rust compiler (first time: about 2 min)"
  apt_install rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web lld-22 gcc libc6-dev || return 1
  # Only the compiler's own commands go to the front of PATH, not all of /usr/bin.
  local bin="$VITRINE_CACHE/rust/bin" command
  mkdir -p "$bin"
  for command in cargo rustc rustdoc cargo-clippy clippy-driver cargo-fmt rustfmt; do ln -sf "/usr/bin/$command" "$bin/$command"; done
  printf '%s\n' '#!/bin/sh' "# cc, linking with LLVM's lld: several times faster than the default on binaries of this size." \
    'exec cc -B/usr/lib/llvm-22/bin -fuse-ld=lld "$@"' >"$VITRINE_CACHE/tools/bin/vitrine-cc.new"
  chmod +x "$VITRINE_CACHE/tools/bin/vitrine-cc.new"
  mv "$VITRINE_CACHE/tools/bin/vitrine-cc.new" "$VITRINE_CACHE/tools/bin/vitrine-cc"
  # shellcheck disable=SC2016  # expanded when env.sh sources it
  printf '%s\n' 'VITRINE_RUST_BIN="$VITRINE_CACHE/rust/bin"' \
    'CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER="$VITRINE_CACHE/tools/bin/vitrine-cc"' \
    'export VITRINE_RUST_BIN CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER' >"$VITRINE_CACHE/rust.env"
  # shellcheck source=scripts/env.sh
  . "$VITRINE_ROOT/scripts/env.sh"
  good_rust || { say "Debian's Rust is $(rustc_version), and Vitrine needs $needed or later."; return 1; }
  # rustc links for the browser with a program of this name in its own folder.
  local host_bin
  host_bin="$(rustc --print sysroot)/lib/rustlib/x86_64-unknown-linux-gnu/bin"
  mkdir -p "$host_bin"
  ln -sf /usr/bin/lld-22 "$host_bin/rust-lld"
  build_web_std
}

setup_cc
setup_protoc

chosen="$(cut -d ' ' -f 1 "$VITRINE_CACHE/stamps/rust" 2>/dev/null || true)"
if [ -n "$chosen" ] && [ "${VITRINE_RUST:-$chosen}" = "$chosen" ] && good_rust && has_web_std && is_done rust "$(stamp_of "$chosen")"; then
  say "Rust $(rustc_version) with the browser target ($chosen): ready"
  exit 0
fi

case "${VITRINE_RUST:-}" in
  '' | rustup | debian) ;;
  *) fail "VITRINE_RUST is '$VITRINE_RUST'." "Set it to rustup or debian, or leave it unset." ;;
esac

chosen=''
if [ "${VITRINE_RUST:-}" != debian ]; then
  # A Debian compiler chosen earlier must not stand before rustup's on PATH while we look at it.
  if [ -f "$VITRINE_CACHE/rust.env" ] && [ "${VITRINE_RUST:-}" = rustup ]; then
    rm -f "$VITRINE_CACHE/rust.env"
    fail "The compiler was changed from Debian's to rustup's." "Run the same command again, to start with a clean environment."
  fi
  if [ ! -f "$VITRINE_CACHE/rust.env" ] && try_rustup; then chosen=rustup; fi
fi
if [ -z "$chosen" ] && [ "${VITRINE_RUST:-}" != rustup ]; then
  if setup_debian; then chosen=debian; fi
fi
if [ -z "$chosen" ]; then
  if have rustup; then
    fail "Rust $needed or later with the wasm32-unknown-unknown target is needed, and rustup could not provide it." \
      "Run: rustup update stable && rustup default stable && rustup target add wasm32-unknown-unknown" \
      "What rustup said is in $VITRINE_LOGS/rustup.log"
  fi
  fail "Rust $needed or later is needed." "Install it with rustup (see rustup.rs), then run this again."
fi
mark_done rust "$(stamp_of "$chosen")"
say "Rust $(rustc_version) with the browser target ($chosen): ready"
