#!/bin/sh
# Pulls a checkout and applies a calendar in it: apply.sh CHECKOUT [CALENDAR]. For cron, which mails what is printed: nothing
# if all is well, and what needs attention once, not at every run.
set -eu
cd "$1"
calendar=${2:-calendar}
git pull --quiet --ff-only
told=$(git rev-parse --git-path "publer-sync-told-$(printf '%s' "$calendar" | tr / -)")
code=0
report=$(publer-sync apply "$calendar" --yes 2>&1) || code=$?
problem=
if [ "$code" -ne 0 ]; then
  # Without progress, and without the clock and the requests, which differ from run to run.
  problem=$(printf '%s\n' "$report" | sed -e '/^[0-9:]*$/d' -e '/^[0-9][0-9]:[0-9][0-9]:[0-9][0-9] /d' \
    -e 's/ *now: .*//' -e 's/[0-9,]* requests.*//')
  [ "$problem" = "$(cat "$told" 2>/dev/null)" ] || printf '%s\n' "$report"
fi
printf '%s\n' "$problem" >"$told"
exit "$code"
