#!/usr/bin/env bash
# Run the named checks, all of them even when one fails: tools/check.sh lint types imports tests
set -uo pipefail
cd "$(dirname "$0")/.."
bin=${BIN:-.venv/bin}
# Fixed here, so that neither checks nor tests leave keys of their own behind.
export LANTOA_SECRET_KEY=${LANTOA_SECRET_KEY:-only-for-checks}

lint() { "$bin/ruff" check --quiet .; }
types() { "$bin/mypy" && "$bin/mypy" conftest.py tools tests; }
imports() { "$bin/lint-imports" --no-logo; }
tests() { "$bin/pytest" -n "${WORKERS:-2}" --dist worksteal; }

failed=
for check in "$@"; do
    case $check in
        lint | types | imports | tests) ;;
        *) echo "No check is called $check" >&2; exit 2 ;;
    esac
    "$check" || failed="$failed $check"
done
if [ -n "$failed" ]; then
    echo "Failed:$failed" >&2
    exit 1
fi
