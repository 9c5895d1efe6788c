#!/bin/sh
# Installs the system's packages that Python's registry does not have: a C++
# compiler and Verilator. Asks nothing; does nothing when all are there.
set -e

missing=
command -v c++ >/dev/null 2>&1 || missing="$missing g++"
command -v verilator >/dev/null 2>&1 || missing="$missing verilator"
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
if ! { $root apt-get update -q && $root apt-get install -q -y --no-install-recommends $missing; } \
    </dev/null >"$log" 2>&1; then
  tail -20 "$log" >&2
  echo "could not install$missing" >&2
  exit 1
fi
rm -f "$log"
