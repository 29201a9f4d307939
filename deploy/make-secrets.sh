#!/bin/sh
# Makes the secrets that compose.yaml names, where there are none: sh deploy/make-secrets.sh
# The folder is closed to other users of this machine; the files can be read by the containers' users.
set -eu
folder=$(dirname "$0")/secrets
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

make() { # NAME BEGINNING
    if [ ! -e "$1" ]; then
        printf '%s%s\n' "$2" "$(random)" > "$1.new"
        chmod 444 "$1.new"
        mv "$1.new" "$1"
    fi
}

make postgres_password ''
make admin_key hk_
