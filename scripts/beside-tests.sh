#!/usr/bin/env bash
# What a whole ./test builds beside its first steps, which leave a core idle for minutes while one crate waits for another: the
# browser bundle, and cargo-deny. The steps that need them wait for this, then do the same again, which is over at once or says what is wrong.
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$VITRINE_ROOT"

scripts/build-web.sh || true
scripts/setup-deny.sh || true
