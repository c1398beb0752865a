#!/bin/sh
# Pulls a checkout and applies a calendar in it: apply.sh CHECKOUT [CALENDAR]. For cron, which mails what is printed: nothing
# if all is well, and each problem once. Ends with 6 if there is a new one, with 0 if somebody was told of all of them.
set -eu
cd "$1"
calendar=${2:-calendar}
git pull --quiet --ff-only
kept=$(git rev-parse --git-path "publer-sync-$(printf '%s' "$calendar" | tr / -)")
publer-sync apply "$calendar" --yes --format json >"$kept-report.json" 2>"$kept-log" || true
code=0
publer-sync notify "$kept-report.json" --told "$kept-told.json" || code=$?
[ "$code" -ne 1 ] || cat "$kept-log"
exit "$code"
