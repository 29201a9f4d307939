#!/bin/sh
# Runs habitus with the database's password from the file that PGPASSWORD_FILE names, so that it
# stands in no command line and in no unit or compose file.
set -eu
if [ -n "${PGPASSWORD_FILE:-}" ]; then
    PGPASSWORD=$(cat "$PGPASSWORD_FILE")
    export PGPASSWORD
fi
exec habitus "$@"
