"""Days at a terminal, whole: what each command prints, in each of its formats, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.commands.terminal import HERE, NOW, SETTINGS, Terminal
from tests.stored import agrees

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox


@pytest.fixture
def terminal(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    (tmp_path / "home").mkdir()
    return Terminal(sandbox, tmp_path / "home", monkeypatch)


def posts(*lines: str) -> str:
    return "posts:\n" + "".join(f"- {{{line}}}\n" for line in lines)


@pytest.mark.slow
def test_a_first_day(terminal: Terminal, sandbox: Sandbox) -> None:
    run = terminal.run
    terminal.write("calendar/publer.yaml", SETTINGS)
    terminal.write(
        "calendar/march.yaml",
        posts(
            "id: one, at: 2027-03-02 09:00, accounts: [facebook, x], text: One",
            "id: two, at: 2027-03-03 09:00, accounts: x, text: Two, labels: [news]",
            "at: 2027-03-04 09:00, accounts: linkedin, text: Three, draft: true",
        ),
    )
    sandbox.add(account_id="acc000000000000000002701", at=NOW + timedelta(days=4), text="Theirs")
    terminal.all(
        "accounts", "accounts --format json", "accounts --details", "calendars", "calendars --format json"
    )
    terminal.all("validate", "validate --format json", "validate --format concise", "validate --strict")
    terminal.all(
        "plan", "plan --format json", "plan --format markdown", "plan --detailed-exitcode --account x"
    )
    terminal.all("plan --verbose --from 2027-03-03", "plan --out plan.json")
    run("apply", stdin="n\n")
    run("apply plan.json", stdin="y\n")
    terminal.all(
        "apply --yes plan.json", "apply --yes", "apply --yes --format json", "plan", "plan --verbose"
    )
    terminal.all("status", "status --format json", "status --verbose", "status --format prometheus")
    terminal.all(
        "explain one", "explain one --format json", "explain calendar/march.yaml:3", "explain Three --offline"
    )
    terminal.all("log", "log --verbose", "log --format json", "log --format csv", "log --format markdown")
    terminal.all("export", "export --format json", "results", "results --format json")
    agrees(HERE / "first_day.md", terminal.said)


def applied(terminal: Terminal, *lines: str, settings: str = SETTINGS) -> None:
    terminal.write("calendar/publer.yaml", settings)
    terminal.write("calendar/march.yaml", posts(*lines))
    terminal.run("apply --yes")


ONE = "id: one, at: 2027-03-02 09:00, accounts: [facebook, x], text: One"
TWO = "id: two, at: 2027-03-03 09:00, accounts: x, text: Two, labels: [news]"
THREE = "id: three, at: 2027-03-04 09:00, accounts: linkedin, text: Three"
FOUR = "id: four, at: 2027-03-05 09:00, accounts: facebook, text: Four"


def by_text(sandbox: Sandbox, text: str) -> str:
    return next(str(post["id"]) for post in sandbox.posts() if post["text"].strip() == text)


@pytest.mark.slow
def test_changes_of_the_files_and_of_colleagues(terminal: Terminal, sandbox: Sandbox) -> None:
    run = terminal.run
    applied(terminal, ONE, TWO, THREE, FOUR, settings=SETTINGS + "limits: {delete: 1, change: 2}\n")
    moved = TWO.replace("03-03", "03-06")
    terminal.write("calendar/march.yaml", posts(ONE.replace("One", "Uno"), moved, THREE))
    terminal.all("plan", "plan --verbose", "plan --format json", "apply --yes --account facebook")
    run("apply", asks="no\n")
    run("apply", asks="")
    run("apply", asks="yes\n")
    terminal.write("calendar/march.yaml", posts(ONE))
    terminal.all("plan", "apply --yes", "apply --yes --format json", "apply --yes --format markdown")
    run("apply --yes --allow-deletes 2")
    sandbox.edit(by_text(sandbox, "One"), text="Edited in Publer")
    sandbox.remove(by_text(sandbox, "One"))
    terminal.all("plan", "status", "explain one", "apply --yes", "pull --diff", "pull --diff --format json")
    run("apply --yes --overwrite-edits=one --allow-recreate=two")
    run("apply --yes --overwrite-edits --allow-recreate")
    sandbox.add(account_id=THREE_ID, at=NOW + timedelta(days=9), text="Three")
    terminal.write("calendar/march.yaml", posts(ONE, THREE.replace("03-04", "03-14")))
    terminal.all("plan", "apply --yes", "apply --yes --allow-twins --format json")
    sandbox.faults.job_fails = "Media is too large"
    terminal.write("calendar/march.yaml", posts(ONE, THREE.replace("03-04", "03-14"), FOUR))
    for line in ("apply --yes", "apply --yes --format json"):
        run(line)
        terminal.wait(minutes=10)
    terminal.all("log --verbose", "plan")
    sandbox.faults.job_fails = None
    terminal.wait(days=5)
    terminal.all(
        "plan",
        "apply --yes",
        "results",
        "results --format json",
        "results --format csv",
        "results --by account",
    )
    terminal.all(
        "results --format markdown",
        "results --compare",
        "status",
        "log",
        "log --post one",
        "log --from 2027-03-05",
    )
    agrees(HERE / "changes.md", terminal.said)


THREE_ID = "acc00000000000000001ed01"


@pytest.mark.slow
def test_holds_and_releases(terminal: Terminal, sandbox: Sandbox) -> None:
    run = terminal.run
    applied(terminal, ONE, TWO, THREE)
    run("hold")
    run("hold --reason Storm --diff")
    run("hold --reason Storm", asks="no\n")
    run("hold --reason Storm --label news --yes")
    terminal.all("plan", "status", "status --format json", "explain two", "apply --yes", "log --verbose")
    run("hold --reason More --account facebook --from 2027-03-02 --to 2027-03-02 --yes --format json")
    run("hold --reason Network --network x --yes")
    run("hold --reason Nobody --network tiktok --yes")
    run("hold --reason Nobody --account nobody --yes")
    terminal.write("calendar/march.yaml", posts(ONE, TWO.replace("Two", "Zwei"), THREE, FOUR))
    terminal.all("plan", "release --diff", "release --format json --diff")
    run("release", asks="no\n")
    terminal.all("release --yes", "release --yes", "release --yes --format json", "plan")
    terminal.write("calendar/publer.yaml", SETTINGS + "hold: {reason: Strike, accounts: [x]}\n")
    terminal.all("plan", "apply --yes", "plan", "release --yes", "hold --reason Again --yes")
    terminal.write("calendar/publer.yaml", SETTINGS)
    terminal.all("plan", "release --yes --format json", "log")
    agrees(HERE / "holds.md", terminal.said)


@pytest.mark.slow
def test_what_comes_from_publer_into_the_files(terminal: Terminal, sandbox: Sandbox) -> None:
    run = terminal.run
    applied(terminal, ONE, TWO, THREE)
    sandbox.edit(by_text(sandbox, "Two"), text="Two, better", scheduled_at="2027-03-03T10:00:00Z")
    sandbox.remove(by_text(sandbox, "Three"))
    sandbox.add(account_id=THREE_ID, at=NOW + timedelta(days=40), text="New: it has a colon")
    sandbox.add(
        account_id="acc000000000000000002701", at=NOW + timedelta(days=8), text="Another\n\nof two lines"
    )
    terminal.all(
        "plan", "pull --diff", "pull --diff --by week", "pull --diff --by account", "pull --diff --removed"
    )
    run("pull", asks="no\n")
    run("pull --yes --format json --account linkedin")
    terminal.write("calendar/march.yaml", posts(ONE, TWO.replace("Two", "Two, other"), THREE))
    terminal.all(
        "pull --yes",
        "pull --diff --prefer calendar",
        "pull --yes --prefer publer --removed",
        "pull --yes",
        "plan",
    )
    terminal.read("calendar/march.yaml")
    run("forget", "one", "--diff")
    run("forget one", asks="no\n")
    run("forget one --yes --format json")
    terminal.all(
        "forget nothing --yes",
        "plan",
        "forget --all --diff",
        "forget --all --yes",
        "plan",
        "log",
        "forget --all --yes",
    )
    agrees(HERE / "pull.md", terminal.said)


STORE = "accounts: linkedin\nposts:\n- {id: tip, evergreen: {every: 1w}, text: Tip, variants: [{text: Other tip}]}\n"


@pytest.mark.slow
def test_new_moved_copied_and_filled_posts(terminal: Terminal, sandbox: Sandbox) -> None:
    run = terminal.run
    slots = SETTINGS + "slots: {linkedin: [mon 10:00, thu 10:00]}\ngroups: {both: [facebook, x]}\n"
    applied(terminal, ONE, settings=slots)
    terminal.write("calendar/store.yaml", STORE)
    run(
        "new --at", "tomorrow 9:30", "--account", "both", "--text", "Hello\nworld", "--label", "news", "--yes"
    )
    run(
        "new --at next --account linkedin --format json --yes --draft --id mine --link https://example.com --text Words"
    )
    run("new --at next --account x --text Words --yes")
    run("new --at", "2027-03-09 09:00", "--account", "nobody", "--text", "A", "--yes")
    run("new --at", "2020-03-09 09:00", "--account", "x", "--text", "A", "--yes")
    run("new --at", "whenever", "--account", "x", "--text", "A", "--yes")
    run("new --account x --text A --yes")
    run("new --at", "2027-03-09 09:00", "--account", "x", "--yes", "--text", "-", stdin="From stdin\n")
    run("new --at", "2027-03-09 09:00", "--account", "x", "--text", "x" * 300, "--yes")
    run("new --at", "2027-03-10 09:00", "--account", "x", "--text", "Asked", asks="no\n")
    run(
        "new --at",
        "2027-03-10 09:00",
        "--account",
        "x",
        "--text",
        "Asked",
        "--to",
        "other.yaml",
        asks="yes\n",
    )
    run("new --at", "2027-03-11 09:00", "--account", "x", "--text", "A\\nb", "--yes")
    run(
        "new --at",
        "2027-03-11 09:00",
        "--account",
        "x",
        "--text",
        "A\\nb",
        "--as-typed",
        "--yes",
        "--format",
        "json",
    )
    run("new", asks="tomorrow 12\nx\nOnce asked\n.\n\n\nyes\n")
    run("move one", "2027-03-04 11:00", "--diff")
    run("move one", "+1d", "--yes")
    run("move one", "2027-03-09 12:00", "--account", "x", "--yes", "--format", "json")
    run("move one", "whenever", "--yes")
    run("move nothing", "2027-03-09 12:00", "--yes")
    run("move one", "2027-03-12", asks="no\n")
    run("copy one", "2027-03-20 11:00", "--yes")
    run("copy one", "2027-03-21", "--diff", "--format", "json")
    run("copy tip", "2027-03-22 09:00", "--yes")
    terminal.write(
        "calendar/wait.yaml",
        posts("at: next, accounts: linkedin, text: Waits", "at: next, accounts: x, text: Never"),
    )
    terminal.all(
        "validate",
        "fill --diff",
        "fill --diff --offline --format json",
        "fill --diff --until 2027-03-02 --lead 12h",
    )
    run("fill", asks="no\n")
    terminal.all(
        "fill --yes",
        "fill --yes",
        "fill --evergreen --until 2027-03-20 --yes --account linkedin",
        "fill --lead soon --yes",
    )
    run("fill --diff --evergreen --offline --format json")
    terminal.write(
        "calendar/series.yaml",
        posts("id: daily, at: 2027-04-01 09:00, repeat: {every: day, times: 3}, accounts: x, text: Daily"),
    )
    run("move daily@2027-04-02", "2027-04-02 12:00", "--yes")
    run("move daily@2027-04-02", "2027-04-02 12:00", "--yes", "--series", "this")
    run("move daily", "2027-04-05 12:00", "--yes", "--series", "all", "--format", "json")
    for name in ("2027-03", "march", "wait", "series", "other"):
        terminal.read(f"calendar/{name}.yaml")
    terminal.all(
        "export --account x",
        "export --format json --from 2027-03-09 --to 2027-03-10",
        "export --out feed.ics",
    )
    agrees(HERE / "files.md", terminal.said)


@pytest.mark.slow
def test_mistakes_and_their_fixes(terminal: Terminal) -> None:
    run = terminal.run
    terminal.all("validate", "plan", "apply --yes", "status", "calendars", "export", "explain one")
    terminal.write("calendar/publer.yaml", SETTINGS)
    terminal.write(
        "calendar/a.yaml",
        "posts:\n- at: 2027-03-02 9:00\n  acounts: x\n  txt: Hello\n- at: 2027-03-03 09:00\n  accounts: facebok\n  text: Hi\n",
    )
    terminal.all(
        "validate",
        "validate --format json",
        "validate --format concise",
        "validate --format github",
        "plan",
        "apply --yes",
    )
    terminal.all("export", "results", "hold --reason x --diff", "status", "explain Hi --offline", "preview")
    run("validate --fix --diff")
    run("validate --fix", asks="no\n")
    run("validate --fix --yes --format json")
    terminal.all("validate --fix --yes", "validate")
    terminal.read("calendar/a.yaml")
    terminal.write(
        "calendar/b.yaml", posts("at: 2027-03-04 09:00, accounts: facebook, media: [{file: none.jpg}]")
    )
    terminal.all(
        "validate",
        "validate --strict",
        "validate --verbose",
        "plan --from yesterday",
        "plan --from 2027-03-05 --to 2027-03-01",
    )
    terminal.all(
        "plan --account nobody",
        "plan nowhere",
        "plan calendar/a.yaml",
        "apply --yes calendar/a.yaml",
        "validate calendar calendar",
    )
    run("plan", PUBLER_API_KEY=None)
    run("apply --yes", PUBLER_API_KEY="wrong")
    run("plan --format json", PUBLER_API_KEY="wrong")
    run("plan", PUBLER_BASE_URL="http://127.0.0.1:9", PUBLER_API_KEY="x")
    terminal.write("calendar/b.yaml", "posts: []\n")
    terminal.write("calendar/publer.yaml", SETTINGS.replace("My X", "Other X"))
    terminal.all(
        "plan", "plan --format json", "apply --yes", "doctor", "doctor --format json", "hold --reason x --yes"
    )
    terminal.write("calendar/publer.yaml", SETTINGS.replace("My Primary", "Other"))
    terminal.all("plan", "doctor", "accounts", "results")
    run("accounts", PUBLER_WORKSPACE_ID="5f000000000000000000beef")
    terminal.all(
        "frobnicate",
        "plan --frob",
        "plan --format yaml",
        "--version",
        "schema",
        "schema nothing",
        "schema plan --help",
    )
    agrees(HERE / "mistakes.md", terminal.said)


@pytest.mark.slow
def test_several_calendars(terminal: Terminal, sandbox: Sandbox) -> None:
    run = terminal.run
    for name, alias in (("acme", "facebook"), ("bank", "x"), ("cafe", "linkedin")):
        account = next(line for line in SETTINGS.splitlines() if line.startswith(f"  {alias}:"))
        terminal.write(
            f"{name}/publer.yaml",
            f"workspace: My Primary Workspace\ntimezone: Europe/Oslo\naccounts:\n{account}\n",
        )
        terminal.write(
            f"{name}/march.yaml", posts(f"id: one, at: 2027-03-02 09:00, accounts: {alias}, text: Of {name}")
        )
    terminal.all(
        "calendars",
        "calendars --format json",
        "validate",
        "validate acme bank",
        "validate acme bank --format json",
    )
    terminal.all(
        "plan",
        "plan acme bank",
        "plan acme bank cafe --format json",
        "plan acme bank --format markdown",
        "plan acme bank --out plan.json",
    )
    run("apply acme bank", asks="no\n")
    run("apply acme bank", asks="yes\n")
    terminal.all(
        "apply acme bank cafe --yes",
        "apply acme bank cafe --yes --format json",
        "status acme bank cafe",
        "status acme bank --format json",
    )
    terminal.all(
        "results acme bank",
        "results acme bank --format csv",
        "log acme bank",
        "log acme bank --format json",
        "status acme bank --format prometheus",
    )
    terminal.write("bank/march.yaml", posts("at: never, accounts: x, text: x"))
    terminal.all(
        "plan acme bank",
        "apply acme bank --yes",
        "validate acme bank --format concise",
        "hold acme bank --reason All --yes",
        "plan acme bank cafe",
    )
    terminal.all(
        "release acme bank --yes",
        "pull acme cafe --diff",
        "fill acme cafe --diff",
        "forget --all --yes --calendar cafe",
        "log cafe",
    )
    terminal.write("bank/march.yaml", "posts: []\n")
    terminal.all(
        "apply acme bank --yes --format json",
        "state mv acme2 --calendar acme --diff",
        "state mv acme2 --calendar acme --yes",
    )
    terminal.write("acme/publer.yaml", "name: acme2\n" + (terminal.folder / "acme/publer.yaml").read_text())
    terminal.all(
        "plan acme",
        "status acme --format json",
        "state mv --calendar acme --account facebook=nothing --yes",
        "log acme",
    )
    run("state mv other --calendar acme --format json --diff")
    sandbox.reconnect("acc000000000000000002701", "acc0000000000000000027ff")
    terminal.all(
        "plan bank",
        "apply bank --yes",
        "doctor bank",
        "state mv --calendar bank --account acc000000000000000002701=acc0000000000000000027ff --diff",
    )
    run(
        "state mv --calendar bank --account acc000000000000000002701=acc0000000000000000027ff --yes --format json"
    )
    run("preview acme bank --out page.html")
    run("preview acme --live --out page.html")
    run("preview acme --plan plan.json --out page.html")
    agrees(HERE / "several.md", terminal.said)


@pytest.mark.slow
def test_sign_offs(terminal: Terminal) -> None:
    run = terminal.run
    rules = "people: {kari: 'Kari, Acme', ben: Ben}\nsignoff:\n- {by: kari, labels: [news]}\n- {by: [ben, kari], accounts: [linkedin]}\n"
    applied(terminal, ONE, TWO, THREE, settings=SETTINGS + rules)
    terminal.all(
        "plan",
        "plan --format json",
        "explain two",
        "status",
        "approve",
        "approve two",
        "approve two --by nobody --yes",
        "approve --all --by kari --diff",
    )
    run("approve two", asks="no\n")
    run("approve two --by kari --yes --format json")
    terminal.all(
        "approve two --by kari --yes",
        "approve one --by kari --yes",
        "approve nothing --by kari --yes",
        "approve --all --by ben --yes",
    )
    terminal.all(
        "apply --yes",
        "log --approvals",
        "log --approvals --format json",
        "log --approvals --post two",
        "log --approvals --from 2027-03-02",
    )
    terminal.write(
        "answers.json",
        '{"answers": [{"post": "two", "account": "x", "content": "1-0", "answer": "no", "remark": "Not so"}, {"post": "three", "account": "linkedin", "content": "1-0", "answer": "yes"}]}',
    )
    run("approve --from answers.json --by kari --yes")
    run("approve --from answers.json --by kari --diff --format json")
    terminal.write("answers.json", "[]")
    terminal.all(
        "approve --from answers.json --by kari --yes",
        "approve --from nothing.json --by kari --yes",
        "approve --all two --by kari --yes",
    )
    terminal.write("calendar/march.yaml", posts(ONE, TWO.replace("Two", "Zwei"), THREE))
    terminal.all("plan", "log --approvals", "preview --review kari", "preview --review nobody")
    terminal.read("calendar/approvals.yaml")
    terminal.write("calendar/publer.yaml", SETTINGS)
    terminal.all("approve two --by kari --yes", "log --approvals")
    agrees(HERE / "sign_offs.md", terminal.said)


CSV = """\
Date,Text,Link(s),Media URL(s),Title,Label(s),Alt text(s),Comment(s),Board/Album,Post subtype,CTA,Reminder
2027-03-12 09:00,Hello,,,,"news, spring",,,,,,
2027-03-13 09:00,Again,https://example.com,,,,,First,,,,
,Undated,,,,,,,,,,
2020-01-01 09:00,Past,,,,,,,,,,
2027-03-14 09:00,"A\\nb",,,,,,,,,,
soon,Wrong,,,,,,,,,,
"""


@pytest.mark.slow
def test_imports_and_beginnings(terminal: Terminal) -> None:
    run = terminal.run
    terminal.write("calendar/publer.yaml", SETTINGS)
    terminal.write("posts.csv", CSV)
    terminal.all(
        "import posts.csv --diff",
        "import posts.csv --account x --diff",
        "import posts.csv --account x --partial --diff --format json",
    )
    run("import posts.csv --account x --partial --undated skip --past skip", asks="no\n")
    run("import posts.csv --account x --partial --undated skip --past skip --as-typed --yes")
    terminal.read("calendar/imported-posts.yaml")
    terminal.all(
        "import posts.csv --account x --partial --yes",
        "import nothing.csv --yes",
        "import posts.csv --columns text=None --diff",
    )
    terminal.write("other.csv", "When;Words\n12.03.2027 09:00;Hallo\n03.04.2027;Du\n")
    run("import other.csv --columns at=When,text=Words --dates dmy --account facebook --to april.yaml --diff")
    run("import other.csv --account facebook --diff")
    terminal.all(
        "init new --yes --timezone Europe/Oslo",
        "init new --yes",
        "init calendar --yes",
        "init two --format json --yes --github --account",
    )
    run("init two --yes --github --form --assistant --account", "My X Account", "--timezone", "UTC")
    run("init three --yes --account", "Nobody")
    run("init three --yes --timezone Mars/Olympus")
    run("init three --yes --workspace Other")
    run("init four", asks="\nEurope/Oslo\n\nyes\n")
    run("init five", asks="no\n")
    terminal.all(
        "validate new", "calendars", "completion bash --help", "doctor new", "doctor calendar --format json"
    )
    terminal.write(
        "result.json",
        '{"format_version": 1, "error": {"code": "network", "message": "Publer is down"}, "problems": []}',
    )
    terminal.all(
        "notify result.json",
        "notify result.json --format json",
        "notify result.json --told told.json",
        "notify result.json --told told.json",
        "notify nothing.json",
        "notify posts.csv",
    )
    terminal.all(
        "accounts --location Oslo",
        "accounts --details --location Oslo",
        "accounts nowhere",
        "results --insights calendar",
        "results calendar --by use",
        "results calendar --by label --format csv",
    )
    agrees(HERE / "imports.md", terminal.said)
