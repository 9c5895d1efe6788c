#!/bin/sh
# locked.sh FILE COMMAND...: runs the command while it holds a lock on FILE, so
# that two builds of one folder take turns.
file=$1
shift
if command -v flock >/dev/null 2>&1; then
  exec flock "$file" "$@"
fi
exec "$@"
