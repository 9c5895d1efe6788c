#!/bin/sh
# Installs what Python's registry does not have: make, a C++ compiler, Verilator,
# and the parts of a system's Python that a virtual environment and extensions
# need. Asks nothing; does nothing when all are there.
#
#     system_packages.sh [PYTHON]
set -e
python=${1:-$(command -v python3.11 || command -v python3 || true)}

missing=
command -v make >/dev/null 2>&1 || missing="$missing make"
command -v c++ >/dev/null 2>&1 || missing="$missing g++"
command -v verilator >/dev/null 2>&1 || missing="$missing verilator"
if [ -n "$python" ]; then
  "$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
  "$python" -c 'import os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")' 2>/dev/null ||
    missing="$missing python3-dev"
else
  missing="$missing python3 python3-venv python3-dev"
fi
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "please install with the system's package manager:$missing" >&2
  exit 1
fi
root=
if [ "$(id -u)" -ne 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    echo "please install: sudo apt-get install$missing" >&2
    exit 1
  fi
  root="sudo -n"
fi
echo "installing$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# shellcheck disable=SC2086 # one word per package
if ! { $root apt-get update -q && $root apt-get install -q -y --no-install-recommends $missing; } \
  </dev/null >"$log" 2>&1; then
  tail -20 "$log" >&2
  echo "could not install$missing" >&2
  exit 1
fi
rm -f "$log"
