#!/usr/bin/env bash
# Make .venv and install exactly what a lock file names: tools/environment.sh NAME LOCK
# Called by make, which runs it only when the lock changed. PYTHON chooses the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1 lock=$2

say() { printf '%s\n' "$*" >&2; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if is_new_enough "$candidate"; then echo "$candidate"; return; fi
    done
    say "Python 3.11 or newer is needed and was not found (looked for: ${PYTHON:-python3, python3.13, python3.12, python3.11})."
    say "On Debian or Ubuntu: apt install python3 python3-venv. Or name another: PYTHON=/path/to/python3 make run"
    exit 2
}

if ! is_new_enough .venv/bin/python; then
    python=$(find_python)
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        say "$python cannot make environments. On Debian or Ubuntu: apt install python3-venv"
        exit 2
    fi
    say "Making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi

pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet "$@"; }

say "Installing $lock (about a minute the first time)"
if ! pip install --require-hashes --requirement "$lock"; then
    say "Could not install $lock: see the error above. Without network access, set PIP_FIND_LINKS to a folder of wheels."
    exit 3
fi
# Its output is of interest only when it fails.
if ! told=$(pip install --no-deps --no-build-isolation --editable . 2>&1); then
    say "$told"
    exit 3
fi

touch ".venv/$name.stamp"
# The development lock holds everything the others do, and each of the others all that runs, at the same versions.
case $name in
    dev) touch .venv/run.stamp .venv/ocr.stamp .venv/cluster.stamp ;;
    ocr | cluster) touch .venv/run.stamp ;;
esac
