#!/bin/sh
# Backs up the store in a folder and keeps the newest backups: backup.sh STORE BACKUPS [KEEP]
set -eu
store=$1 backups=$2 keep=${3:-14}
habitus backup "$store" "$backups/$(date -u +%Y-%m-%dT%H%M%SZ)"
# Only whole backups have this file; what somebody else put there is left alone.
for made in "$backups"/20??-??-??T??????Z/backup.json; do
    dirname "$made"
done | sort -r | tail -n "+$((keep + 1))" | while read -r old; do
    rm -r "$old"
done
