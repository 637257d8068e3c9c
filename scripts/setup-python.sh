#!/usr/bin/env bash
# Python environments under VITRINE_CACHE/python, away from the system's own.
#
#   setup-python.sh           the one the scripts use themselves: nothing but pip
#   setup-python.sh atelier   what checking the atelier needs: no renderer, no training libraries
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Any Python that can make an environment will do to fetch a wheel; the atelier wants 3.11.
find_python() {
  local candidate
  for candidate in "${VITRINE_PYTHON:-}" python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
    if [ -n "$candidate" ] && have "$candidate" && "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
      >/dev/null 2>&1; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

# environment NAME REQUIREMENTS-FILE: made anew whenever the requirements change.
environment() {
  local folder="$VITRINE_CACHE/python/$1" requirements="$2" version
  [ -e "$requirements" ] || fail "$requirements is missing." "Restore it with: git checkout atelier"
  version="$("$python" -c 'import sys; print(sys.version.split()[0])') $(digest "$requirements")"
  if is_done "python-$1" "$version" && "$folder/bin/python" -c '' 2>/dev/null; then
    say "Python environment '$1': ready"
    return 0
  fi
  say "making the Python environment '$1' (usually under 1 min)"
  rm -rf "$folder"
  "$python" -m venv "$folder" || fail "A Python environment could not be made in $folder." "Run: $(advise python3-venv python3)"
  if [ -s "$requirements" ]; then
    logged "python-$1" "$folder/bin/python" -m pip install --disable-pip-version-check -r "$requirements" \
      || fail "The Python packages of $requirements could not be installed." \
        "Check that the Python package index can be reached, then run this again."
  fi
  mark_done "python-$1" "$version"
}

if ! python="$(find_python)"; then
  can_apt && apt_install python3 python3-venv python3-pip
  python="$(find_python)" || fail "Python 3.11 or later with venv is missing." "Run: $(advise 'python3 python3-venv' python3)"
fi

case "${1:-}" in
  '') environment base /dev/null ;;
  atelier) environment atelier-test "$VITRINE_ROOT/atelier/requirements-test.txt" ;;
  *) fail "There is no Python environment called '$1'." "Say: setup-python.sh, or setup-python.sh atelier" ;;
esac
