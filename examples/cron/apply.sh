#!/bin/sh
# Pulls a checkout and applies a calendar in it: apply.sh CHECKOUT [CALENDAR]. For cron, which mails what is printed:
# nothing, unless someone has to look.
set -eu
cd "$1"
git pull --quiet --ff-only
report=$(publer-sync apply "${2:-calendar}" --yes 2>&1) || {
  code=$?
  printf '%s\n' "$report"
  exit "$code"
}
