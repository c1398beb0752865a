"""What the words of a `hold` mean, and what it can know of a calendar before it asks Publer anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.load import read
from publer_sync.commands.holding.hold_first import NEVER, next_due, without_publer
from publer_sync.commands.holding.hold_scope import labelled, labels_here, scope_of
from publer_sync.commands.reaching.local_sandbox import SANDBOX_STATE
from publer_sync.commands.running.choice import Choice, HoldRequest
from publer_sync.ledger.copies import End
from publer_sync.ledger.repositories import Repositories
from publer_sync.ledger.store import open_store
from publer_sync.machine.clock import Clock
from publer_sync.values.model import Account
from tests.builders import DAY, LINKEDIN, NOW, X, copy_of, ledger, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

URL, WORKSPACE = "http://publer.example", "5f000000000000000000beef"
OTHER = "f" * 24
ONE = Account("acc000000000000000002701", "Me", "twitter", alias="x")
SETTINGS = f"timezone: Europe/Oslo\nworkspace: {WORKSPACE}\naccounts: {{x: {{id: {ONE.id}, provider: x}}}}\n"
SCOPED = (
    "timezone: Europe/Oslo\naccounts: {x: Me, linkedin: Us, facebook: Page}\ngroups: {words: [x, linkedin]}\n"
)


def calendar(top: Path, settings: str, posts: str = "") -> Any:
    top.mkdir(exist_ok=True)
    (top / "publer.yaml").write_text(settings, encoding="utf-8")
    (top / "posts.yaml").write_text(f"posts: [{posts}]\n", encoding="utf-8")
    return read(top)


@each_of(
    ("accounts", "networks", "held", "known"),
    [
        ((), (), (), []),
        (("x",), (), (X.id,), [(True, False)]),
        (("words", "x"), (), (X.id, LINKEDIN.id), [(True, False), (True, False)]),
        (("facebook",), (), None, [(False, True)]),
        (("facebook", "x"), (), (X.id,), [(False, True), (True, False)]),
        (("nobody",), (), None, [(False, False)]),
        ((), ("twitter",), (X.id,), [(True, False)]),
        ((), ("linkedin", "tiktok"), (LINKEDIN.id,), [(True, False), (False, False)]),
        (("words",), ("linkedin",), (LINKEDIN.id,), [(True, False), (True, False)]),
        (("x",), ("linkedin",), None, [(True, False), (True, False)]),
    ],
)
def test_a_hold_is_of_the_accounts_that_all_its_words_name(
    tmp_path: Path,
    accounts: tuple[str, ...],
    networks: tuple[str, ...],
    held: tuple[str, ...] | None,
    known: list[tuple[bool, bool]],
) -> None:
    """facebook is in the settings, and Publer has it no more."""
    request = HoldRequest("Storm\n", labels=(" a ", "a"), networks=networks)
    hold, asked = scope_of(
        calendar(tmp_path, SCOPED), Choice(accounts=accounts), request, {"x": X, "linkedin": LINKEDIN}, NOW
    )
    assert [(word.known, word.left_publer) for word in asked.words] == known
    assert (asked.labels, asked.networks) == (("a",), ("x", "linkedin"))
    assert asked.accounts == ("x", "linkedin", "facebook", "words")
    assert (hold.accounts if hold is not None else None) == held


@each_of(
    ("zone", "first", "last"),
    [
        ("Europe/Oslo", "2026-11-30T23:00", "2026-12-02T23:00"),
        ("Nowhere", "2026-11-30T10:00", "2026-12-03T12:00"),
    ],
)
def test_days_are_those_of_the_calendar_or_of_anywhere(
    tmp_path: Path, zone: str, first: str, last: str
) -> None:
    found = calendar(tmp_path, SCOPED.replace("Europe/Oslo", zone))
    days = Choice(since="2026-12-01", until="2026-12-02")
    for choice, ends in ((days, (first, last)), (Choice(), (None, None))):
        hold, _ = scope_of(found, choice, HoldRequest("Storm"), {"x": X}, NOW)
        assert hold is not None
        assert tuple(at and f"{at:%Y-%m-%dT%H:%M}" for at in (hold.first, hold.last)) == ends


def test_the_files_are_asked_for_labels_by_the_id_of_a_post_else_by_its_minute(tmp_path: Path) -> None:
    """One moved, one has no id, one has left the files, and one ended."""
    posts = (
        "{id: moved, at: 2027-03-02 09:00, accounts: x, text: Moved}, {at: 2027-03-03 09:00, accounts: x, text: Bare}, "
        "{id: ended, at: 2027-03-04 09:00, accounts: x, text: Ended}, {at: 2027-03-05 09:00, accounts: facebook, text: Far}"
    )
    found = calendar(tmp_path, SCOPED, posts)
    by_text = {post.text: post for post in found.desired.posts}
    copies = (
        copy_of(replace(by_text["Moved"], account=X, at=NOW + DAY), 1),
        copy_of(replace(by_text["Bare"], account=X), 2),
        copy_of(wanted(NOW + 2 * DAY, "Left", id="left"), 3),
        replace(copy_of(replace(by_text["Ended"], account=X), 4), end=End.REMOVED),
    )
    named = labelled(found, ledger(*copies), {"x": X})
    assert {key: post.text for key, post in named.items()} == {1: "Moved", 2: "Bare"}


def test_the_labels_of_posts_are_those_of_the_files_the_ledger_and_publer(tmp_path: Path) -> None:
    found = calendar(tmp_path, SCOPED, "{at: 2027-03-02 09:00, accounts: x, text: Hello, labels: [file]}")
    state = ledger(copy_of(wanted(NOW + DAY, "Left", labels=["sent"])))
    live = (shown(NOW + DAY, labels=("live",)), shown(NOW + DAY, id="p-2"))
    assert labels_here(state, live, found) == {"file", "sent", "live"}


@each_of(
    ("settings", "name", "choice", "networks", "known"),
    [
        (SETTINGS, "calendar", Choice(), (), True),
        (SETTINGS, "calendar", Choice(accounts=("x",)), ("x",), True),
        (SETTINGS, "calendar", Choice(sandbox=True), (), False),
        (SETTINGS, "calendar", Choice(accounts=("nobody",)), (), False),
        (SETTINGS, "other", Choice(), (), False),
        (SETTINGS.replace(ONE.id, "Me"), "calendar", Choice(), (), True),
        (SETTINGS.replace(ONE.id, "Me"), "calendar", Choice(accounts=("x",)), (), False),
        (SETTINGS.replace(ONE.id, "Me"), "calendar", Choice(), ("x",), False),
        (SETTINGS.replace(", provider: x", ""), "calendar", Choice(accounts=("x",)), (), True),
        (SETTINGS.replace("{x: ", "{me: ").replace(", provider: x", ""), "calendar", Choice(), ("x",), False),
        (
            SETTINGS.replace("{x: ", "{me: ").replace(", provider: x", ""),
            "calendar",
            Choice(accounts=("me",)),
            (),
            True,
        ),
        (SETTINGS.replace("}}", f"}}, me: {{id: {OTHER}}}}}"), "calendar", Choice(), ("x",), False),
        (SETTINGS.replace("}}", "}, linkedin: Us}"), "calendar", Choice(accounts=("x",)), (), False),
        (SETTINGS.replace("}}", "}, linkedin: Us}"), "calendar", Choice(), ("x",), False),
        (SETTINGS.replace(WORKSPACE, "Acme"), "calendar", Choice(), (), True),
        (SETTINGS.replace(WORKSPACE, "Other"), "calendar", Choice(), (), False),
        (SETTINGS + "state: ../one.json\n", "calendar", Choice(), (), True),
        (SETTINGS.replace(WORKSPACE, "Acme") + "state: ../one.json\n", "calendar", Choice(), (), True),
        (SETTINGS.replace(WORKSPACE, OTHER) + "state: ../one.json\n", "calendar", Choice(), (), False),
        (SETTINGS + "state: ../one.json\n", "other", Choice(), (), False),
        (SETTINGS + "state: ../none.json\n", "calendar", Choice(), (), True),
        (SETTINGS.replace(WORKSPACE, "Acme") + "state: ../none.json\n", "calendar", Choice(), (), False),
    ],
)
def test_a_hold_is_written_before_publer_is_asked_where_the_files_and_the_ledger_say_enough(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: str,
    name: str,
    choice: Choice,
    networks: tuple[str, ...],
    known: bool,
) -> None:
    monkeypatch.setenv("PUBLER_BASE_URL", URL)
    top = tmp_path / "calendar"
    found = calendar(top, settings)
    post = replace(wanted(NOW + 40_000 * DAY, "Hello"), account=ONE)
    state = replace(ledger(copy_of(post)), service=URL, workspace_id=WORKSPACE, workspace_name="Acme")
    one = tmp_path / "one.json"
    for place, service in ((str(top / SANDBOX_STATE), "sandbox"), (None, URL), (str(one), URL)):
        if one.exists():
            break  # all of them, since the first row
        store = open_store(
            place, top=top, service=service, workspace_id=WORKSPACE, calendar="calendar", clock=Clock()
        )
        with store.lock(1):
            store.write(replace(state, service=service))
    if name != "calendar":
        (top / "publer.yaml").write_text(f"{settings}name: {name}\n", encoding="utf-8")
        found = read(top)
    request = HoldRequest("Storm", networks=networks)
    first = without_publer(found, replace(choice, calendar=top), request, Repositories())
    assert (first is not None) is known
    if first is not None:
        assert first.hold.reason == "Storm"
        assert len(first.others) == ("/one.json" in settings), "the one in the default place"
        assert [each.at for each in first.going] == [post.at]
        assert next_due(first.state) == post.at
    assert next_due(None) == next_due(ledger()) == NEVER
