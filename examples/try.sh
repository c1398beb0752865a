#!/bin/sh
# Plans, applies and plans again a copy of the example calendar, against the sandbox: no key, and nothing is published.
set -eu
export PUBLER_SYNC_POLL_SECONDS="${PUBLER_SYNC_POLL_SECONDS:-0.1}"  # the sandbox lists new posts sooner than Publer does
calendar=$(cd "$(dirname "$0")" && pwd)/calendar
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$calendar" "$folder"
rm -rf "$folder/calendar/.publer-sync"
cd "$folder"
for step in plan 'apply --yes' plan; do
    printf '\n==> publer-sync %s calendar --sandbox --now 2027-02-20\n' "$step"
    publer-sync $step calendar --sandbox --now 2027-02-20
done
