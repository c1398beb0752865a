"""What the command line says of words that make no sense together, or alone: in an empty folder, before anything is read."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from tests.conftest import run_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


LINES = """\

plann
xyzzy
-- -x
--state here plan
plan --now '2027-03-02 09:00'
plan --sandbox-file a.json
apply --timeout 0
apply --timeout 1d
apply --timeout -5s
apply --allow-deletes many
apply --allow-deletes -1
apply --allow-changes 1.5
apply --format json
apply --yes --format xml
apply --overwrite-edits=
apply --from 2027-03-02 --to 2027-03-01
validate --diff
validate --yes
validate --fix --diff --yes
validate --fix --format json
validate --links --changed-since
validate nowhere
status --format html
results --by mood
explain
explain one two three
explain one --offline --sandbox
new --edit --text Hello
new --text Hello
new --edit
new --at
import
import nowhere.csv
import nowhere.csv --columns a
import nowhere.csv --undated maybe
pull --prefer nobody
pull --by year
hold
hold --reason
hold --reason '' --yes
state
state mv
state mv --account a=b --to git:x
state mv --account a
state mv --account =b
state mv acme --account a=b
forget
forget --all one
preview --out
export --format mood
notify nowhere.json
schema nothing
sandbox --port 99999999
init one two
init --now '2027-03-02 09:00'
mcp --now '2027-03-02 09:00'
approve
move
copy one
completion mood
"""


def section(top: Path) -> Iterator[str]:
    folder = top / "empty"
    folder.mkdir()
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "COLUMNS": "100"}
    for line in LINES.splitlines():
        ran = run_here(shlex.split(line), env, cwd=folder)
        told = (ran.stderr or ran.stdout).replace(str(folder), "HERE").strip().splitlines()
        yield f"{line or 'nothing'} | {ran.code} | {' / '.join(each.strip() for each in told[:4])}"
