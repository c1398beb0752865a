"""What doctor says of Publer: the key and its scopes, the workspace, the accounts, the clock and the request limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from publer_sync.checking.check import Finding, run
from publer_sync.checking.remote import RemoteChecks
from publer_sync.values.errors import PlanRefused, Refused
from publer_sync.values.model import AccountRef, Settings, Workspace
from publer_sync.values.problems import Location
from tests.builders import LINKEDIN, X
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.publer.reader import PublerReader

NO_SCOPE = Refused("Publer refused the key", code="key.refused", hint="Check its scopes.")
REFS = tuple(
    AccountRef(each.alias or "", each.name, each.provider, Location("publer.yaml", 2))
    for each in (X, LINKEDIN)
)


class Service:
    """Answers as a scene says; an error is raised by what it is the answer to."""

    host, service_ahead, requests_left = "app.publer.com", 0.0, 80

    def __init__(self, **said: Any) -> None:
        self.said = {
            "workspaces": (Workspace("w-1", "Fjordlight", "owner"),),
            "accounts": (X, LINKEDIN),
            **said,
        }
        self.asked_in: list[str] = []
        self.service_ahead = said.get("ahead", 0.0)
        self.requests_left = said.get("left", 80)

    def _answer(self, name: str) -> Any:
        answer = self.said.get(name, ())
        if isinstance(answer, Exception):
            raise answer
        return answer

    def workspaces(self) -> Any:
        return self._answer("workspaces")

    def in_workspace(self, id: str) -> Any:
        self.asked_in.append(id)
        return self

    def accounts(self) -> Any:
        return self._answer("accounts")

    def posts(self, **_: Any) -> Any:
        return self._answer("posts")

    def media(self, _: Any) -> Any:
        return self._answer("media")


def checked(
    service: Service, *, refs: Any = REFS, sandbox: bool = False, workspace: str | None = None
) -> dict[str, Finding]:
    settings = (
        Settings("calendar", workspace, Location("publer.yaml", 3) if workspace else None, accounts=refs)
        if refs is not None
        else None
    )
    checks = RemoteChecks(
        lambda: cast("PublerReader", service),
        lambda: datetime(2027, 3, 1, tzinfo=UTC),
        settings,
        None,
        sandbox,
    )
    return run(checks.checks())


def test_where_all_is_well_each_check_says_what_it_saw() -> None:
    assert {name: each.message for name, each in checked(Service()).items()} == {
        "key": "PUBLER_API_KEY is set",
        "service": "app.publer.com answers",
        "plan": "Publer accepts the key, with the scopes workspaces, accounts, posts and media",
        "workspace": "Fjordlight (w-1), role: owner",
        "accounts": "x, linkedin",
        "clock": "agrees with Publer's",
        "requests": "80 more are allowed now",
    }
    assert {each.status for each in checked(Service()).values()} == {"ok"}


@each_of(
    ("said", "check", "message", "status"),
    [
        ({"workspaces": NO_SCOPE}, "plan", "Publer refused the key", "failure"),
        ({"workspaces": PlanRefused("no plan")}, "plan", "no plan", "failure"),
        ({"workspaces": Refused("a firewall answers", code="service.firewall")}, "service", "a firewall answers", "failure"),
        ({"workspaces": ()}, "plan", "Publer accepts the key, which sees no workspace", "ok"),
        ({"workspaces": ()}, "workspace", "", "failure"),
        ({"accounts": NO_SCOPE}, "plan", "the key may not use accounts", "failure"),
        ({"posts": NO_SCOPE}, "plan", "the key may not use posts", "failure"),
        ({"posts": Refused("no", code="key.refused", publer_said="Scope")}, "plan", 'the key may not use posts: "Scope"', "failure"),
        ({"posts": Refused("Publer is busy", code="service.busy")}, "plan", "Publer is busy", "failure"),
        ({"media": NO_SCOPE}, "plan", "the key may not use media, so that posts with files can't be sent", "warning"),
        ({"posts": NO_SCOPE, "media": NO_SCOPE}, "plan", "the key may not use posts and media", "failure"),
        ({"accounts": Refused("none", code="accounts.none")}, "accounts", "Publer lists no accounts in this workspace", "failure"),
        ({"accounts": (replace(X, trouble="it is locked"), LINKEDIN)}, "accounts", "x: it is locked", "failure"),
        ({"accounts": (replace(X, needs_approval=True), LINKEDIN)}, "accounts", "posts on x wait for someone's approval in Publer", "warning"),
        ({"ahead": None}, "clock", "Publer's answers have no date to compare with", "warning"),
        ({"ahead": 59.4}, "clock", "agrees with Publer's", "ok"),
        ({"ahead": 60.0}, "clock", "this machine's clock is 60 seconds behind Publer's", "warning"),
        ({"ahead": -300.0}, "clock", "this machine's clock is 300 seconds ahead of Publer's", "failure"),
        ({"left": 20}, "requests", "20 more are allowed now", "ok"),
        ({"left": 19}, "requests", "19 more are allowed now", "warning"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_check(said: Any, check: str, message: str, status: str) -> None:
    found = checked(Service(**said))[check]
    assert (found.message if message else "", found.status) == (message, status)


def test_before_there_is_a_calendar_the_accounts_are_counted() -> None:
    assert (
        checked(Service(), refs=None)["accounts"].message == "the workspace has 2; no calendar names any yet"
    )
    found = checked(Service(), refs=())["accounts"]
    assert (found.message, found.status) == ("publer.yaml names no accounts; the workspace has 2", "warning")


def test_a_sandbox_needs_no_key_and_has_no_clock_of_its_own() -> None:
    found = checked(Service(ahead=None), sandbox=True)
    assert found["key"].message == "the sandbox needs none"
    assert found["clock"].message == "the sandbox goes by this machine's clock"


def test_of_two_workspaces_the_one_that_the_settings_name_is_checked() -> None:
    both = Service(workspaces=(Workspace("w-1", "Fjordlight", "owner"), Workspace("w-2", "Bank", "")))
    assert checked(both, workspace="Bank")["workspace"].message == "Bank (w-2)"
    none = checked(both)
    assert none["workspace"].message == "publer.yaml:1: no workspace is named, and the key reaches several"
    assert none["plan"].status == "ok"
    assert both.asked_in == ["w-2", "w-1"], "what the key may do is asked in any"
