# shellcheck shell=bash
# What every script here shares: strictness, where things are, how we speak, and how we fail.
# Works with the bash 3.2 that macOS ships, so: no associative arrays, no mapfile.
set -euo pipefail

VITRINE_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
export VITRINE_ROOT
# shellcheck source=scripts/env.sh
. "$VITRINE_ROOT/scripts/env.sh"
VITRINE_LOGS="$VITRINE_CACHE/logs"
mkdir -p "$VITRINE_CACHE/tools/bin" "$VITRINE_LOGS"

# say SENTENCE: one line of progress.
say() { printf '    %s\n' "$*"; }

# heading WORDS: a step begins.
heading() { printf '\n==> %s\n' "$*"; }

# fail SENTENCE...: stop. The last sentence says what to do about it.
fail() {
  printf '\n' >&2
  printf 'error: %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do printf '       %s\n' "$line" >&2; done
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# yielding COMMAND...: run with whatever processor time nobody else wants; where the system has no such class, with little.
yielding() {
  if have chrt && chrt -i 0 true 2>/dev/null; then chrt -i 0 "$@"; else nice -n 19 "$@"; fi
}

# We install system packages by ourselves only where nobody could mind: as root on a Debian-like system.
can_apt() { [ "$(id -u)" = 0 ] && have apt-get; }

# logged NAME COMMAND...: run with its output in a log file; show the end of it if the command fails.
logged() {
  local log="$VITRINE_LOGS/$1.log"
  shift
  if ! "$@" >"$log" 2>&1; then
    tail -n 25 "$log" >&2
    printf '       (all of it: %s)\n' "$log" >&2
    return 1
  fi
}

# apt_install PACKAGE...: only call it after can_apt. The package lists are refreshed once per script.
apt_install() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing Debian packages: ${missing[*]}"
  if [ -z "${vitrine_apt_updated:-}" ]; then
    logged apt-update apt-get update || return 1
    vitrine_apt_updated=yes
  fi
  DEBIAN_FRONTEND=noninteractive logged apt-install apt-get install -y --no-install-recommends "${missing[@]}"
}

# advise DEBIAN-PACKAGES BREW-PACKAGES: the command that a person would type to install these.
advise() {
  if have apt-get; then
    printf 'sudo apt-get install %s' "$1"
  elif have dnf; then
    printf 'sudo dnf install %s' "$1"
  elif have brew; then
    printf 'brew install %s' "$2"
  else
    printf "install %s with your system's package manager" "$1"
  fi
}

# version_at_least HAVE WANT: are dotted numbers, compared part by part.
version_at_least() {
  awk -v have="$1" -v want="$2" 'BEGIN {
    n = split(want, w, "."); split(have, h, ".")
    for (i = 1; i <= n; i++) { if (h[i] + 0 > w[i] + 0) exit 0; if (h[i] + 0 < w[i] + 0) exit 1 }
    exit 0 }'
}

# digest FILE...: one hash of the files' contents, to notice that a requirement list changed.
digest() {
  if have sha256sum; then cat "$@" | sha256sum | cut -d ' ' -f 1; else cat "$@" | shasum -a 256 | cut -d ' ' -f 1; fi
}

# is_done NAME VALUE / mark_done NAME VALUE: what was set up, and in which version.
is_done() { [ "$(cat "$VITRINE_CACHE/stamps/$1" 2>/dev/null || true)" = "$2" ]; }
mark_done() {
  mkdir -p "$VITRINE_CACHE/stamps"
  printf '%s\n' "$2" >"$VITRINE_CACHE/stamps/$1"
}

# elapsed START: seconds since, for the summaries.
elapsed() { printf '%s' "$(($(date +%s) - $1))"; }
