"""`status`: where a calendar stands, on one screen and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, TypedDict

from publer_sync.planning.notes import APPLY_STOPS
from publer_sync.planning.plan import Action, asked_of, is_missed, is_waiting, waits_for_yes
from publer_sync.planning.publication import Status
from publer_sync.planning.remarks import WAITS
from publer_sync.planning.signing import by_person
from publer_sync.render import data
from publer_sync.render.budgets import budget_data, budget_line
from publer_sync.render.layout import documents
from publer_sync.render.layout.dates import Dates, utc
from publer_sync.render.layout.measure import first_words, pad, quoted, width
from publer_sync.render.layout.phrases import Span
from publer_sync.render.layout.terminal import INDENT, PLAIN, Screen
from publer_sync.render.layout.wording import before_command, count, listing, sentence
from publer_sync.render.past.results import counted, last_days
from publer_sync.render.post import tally
from publer_sync.render.post.entries import alias_of, plan_entries, text_of
from publer_sync.render.text import EntryPage
from publer_sync.values.documented import Count, Moment, Version
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from publer_sync.planning.plan import Change
    from publer_sync.planning.standing import AccountStanding, Standing
    from publer_sync.render.budgets import BudgetData
    from publer_sync.values.model import Account, LivePost
    from publer_sync.values.policies import LastingStore


_MOST_NAMED = 3
"""Accounts that the line of a calendar names."""


def text(
    standing: Standing, *, screen: Screen = PLAIN, verbose: bool = False, command: str, results: str
) -> str:
    """`verbose` lists the posts that are not managed here; `command` goes before options of apply, `results` lists what was published."""
    page = _StatusPage(standing, screen, command)
    page.header()
    page.accounts()
    page.budgets()
    page.stores()
    page.on_hold()
    page.gone()
    page.sign_offs()
    page.urgent()
    page.without_time()
    page.week(results)
    page.unmanaged(verbose=verbose)
    page.closing()
    return page.text()


class _StatusPage(EntryPage):
    def __init__(self, standing: Standing, screen: Screen, command: str) -> None:
        super().__init__(Dates.around(standing.plan.timezone, standing.plan.created_at), screen, command)
        self.standing = standing
        self.plan = standing.plan
        self.names = {each.account.id: alias_of(each.account) for each in standing.accounts}

    def header(self) -> None:
        now = self.dates.both(self.plan.created_at)
        facts = (*self._applied(), f"times: {self.dates.name}", f"now: {now}")
        self.heading(self.plan.workspace.name, self.plan.calendar, *facts)
        self.lines.append("")

    def _applied(self) -> list[str]:
        """An apply in which every post failed has ended too, and so has one of some posts, or a release, that went well."""
        last, good = self.plan.last_apply, self.plan.last_good_apply
        if any(warn.code == "lost" for warn in self.plan.warnings):
            return ["last apply: not known"]
        if last is None:
            return ["never applied"]
        told = [f"last good apply: {self.dates.both(good) if good else 'none yet'}"]
        return told if last == good else [*told, f"last apply, partial: {self.dates.both(last)}"]

    def accounts(self) -> None:
        columns = max([10, *(width(alias) for alias in self.names.values())]) + 2
        for each in self.standing.accounts:
            self.beside(pad(alias_of(each.account), columns), columns, (Span(self._ahead(each)),))
            for earlier, later in each.gaps:
                what = f"nothing from {self.dates.day(earlier)} to {self.dates.day(later)}"
                self.say(f"{what}: {count((later - earlier).days, 'day')}", columns, dim=True)
        self.lines.append("")

    def _ahead(self, each: AccountStanding) -> str:
        if not each.ahead:
            return "nothing ahead"
        first, last = each.ahead[0], each.ahead[-1]
        until = f" until {self.dates.day(last.at)}" if last is not first and last.at else ""
        when = self.dates.both(first.at) if first.at else ""
        return f"{len(each.ahead):,} ahead{until}; next {when} {quoted(first.text, 36)}".rstrip()

    def budgets(self) -> None:
        for each in self.standing.budgets:
            self.say(f"Budget of {budget_line(each)}.", 0)
        if self.standing.budgets:
            self.lines.append("")

    def stores(self) -> None:
        for each in self.standing.stores:
            more = " Add stored posts or variants." if each in self.standing.ending else ""
            self.say(f"In store, {one_line(each.name)}: {self._lasts(each)}.{more}", 0)
        if self.standing.stores:
            self.lines.append("")

    def _lasts(self, each: LastingStore) -> str:
        if each.until is None:
            return "no use ahead, and no slot that one may take"
        if each.further:
            return f"{count(each.uses, 'use')} in the year ahead, and further"
        return f"{count(each.uses, 'use')}, until {self.dates.date(each.until)}"

    def on_hold(self) -> None:
        for warn in self.plan.warnings:
            if warn.code in ("on_hold", "on_hold.made"):
                message = Span(sentence(warn.message), "alarm")
                if warn.command:
                    message = message._replace(text=message.text.removesuffix("."))
                    self.phrase((message, Span(" "), Span(one_line(warn.command), "code")), 0)
                else:
                    self.phrase((message,), 0)
                self.lines.append("")

    def gone(self) -> None:
        for _, told in self.standing.gone:
            self.phrase((Span(before_command(told), "alarm"),), 0)
            self.lines.append("")

    def sign_offs(self) -> None:
        """By person what waits for their yes, and until when."""
        for person, waiting in by_person(self.standing.urgent).items():
            posts, (_, by) = count(len(waiting), "post"), waiting[0]
            name = one_line(self.plan.people.get(person) or person)
            first = "" if len(waiting) == 1 else "the first "
            self.say(f"{posts} to be signed off by {name}, {first}before {self.dates.both(by)}", 0)
            for change, _ in waiting:
                asked = asked_of(change)
                when, title = self.dates.both(change.at), change.id or quoted(text_of(change), 40)
                changed = "changed since the last sign-off" if asked is not None and asked.before else ""
                parts = (when, alias_of(change.account), one_line(title), changed)
                self.say("  ".join(filter(None, parts)), 2)
            self.lines.append("")
        for warn in self.plan.warnings:
            if warn.code == "signoff.unsigned":
                self.say(sentence(warn.message), 0)
                self.lines.append("")

    def urgent(self) -> None:
        urgent = [change for change in self.standing.urgent if not waits_for_yes(change)]
        entries = plan_entries(urgent, self.plan, self.dates, whole=False)
        failed = _together(self.standing.failed)
        total = len(entries) + len(failed)
        if not total:
            return
        need = "need" if total > 1 else "needs"
        self.lines += [self.paint(f"{count(total, 'post')} {need} attention", "bold"), ""]
        for entry in self.rows(entries, columns=INDENT):
            for phrase in (*entry.reasons, *entry.fixes):
                self.phrase(phrase)
        for post, *others in failed:
            self.say(f"Failed {self._live(post, *others)}", 0)
            said = f'Publer said: "{one_line(post.error)}".' if post.error else "Publer does not say why."
            self.say(f"{said} Fix the cause, then {self._again(post, *others)}.", INDENT)
        if self.standing.failed:
            self.lines.append("")

    def _again(self, post: LivePost, *others: LivePost) -> str:
        """How a post that failed is published after all: a new time alone would be taken for a move of what has passed."""
        ours = {one.live.id for one in self.standing.week if one.live is not None and one.post is not None}
        if post.id not in ours:
            return "schedule it again in Publer"
        where = ", ".join(self.names.get(one.account_id, one.account_id) for one in (post, *others))
        return f"publish it in Publer, or add a post for {where} with a new id and a new time"

    def without_time(self) -> None:
        if number := sum(warn.code == WAITS for warn in self.plan.warnings):
            they = "it is" if number == 1 else "they are"
            have = count(number, "post has", "posts have")
            self.say(
                f"{have} no time yet (at: next), so {they} not sent: run publer-sync fill, or write a time.",
                0,
            )
            self.lines.append("")

    def _live(self, post: LivePost, *others: LivePost) -> str:
        """The same post on several accounts is one row."""
        when = self.dates.both(post.at) if post.at else "without a time"
        ids = (one.account_id for one in (post, *others))
        names = ", ".join(self.names.get(account, account) for account in ids)
        return f"{when}  {names}  {first_words(post.text, 50)}"

    def week(self, results: str) -> None:
        parts = last_days(self.standing.week, self.dates)
        more = (Span(" To list them: "), Span(results, "code")) if len(parts) > 1 else ()
        self.phrase((Span(f"Last 7 days: {listing(parts)}"), *more), 0)

    def unmanaged(self, *, verbose: bool) -> None:
        posts = self.standing.unmanaged
        if not posts:
            return
        more = "" if verbose else "; -v lists them"
        self.say(f"Not managed here: {count(len(posts), 'post')} ahead{more}.", 0)
        for post in posts if verbose else ():
            self.say(self._live(post), 2, dim=True)

    def closing(self) -> None:
        here, *others = self.standing.places or ("",)
        if here:
            more = f". The calendar has one in {', '.join(others)} too" if others else ""
            self.say(f"State: {one_line(here)}{more}.", 0)
        for warn in self.plan.warnings:
            if warn.code in APPLY_STOPS or warn.code == "state_elsewhere":
                if warn.command:
                    self.phrase((Span(f"{before_command(warn.message)} "), Span(warn.command, "code")), 0)
                else:
                    self.say(sentence(warn.message), 0)
        self.say(f"Requests left in Publer's limit: {self.standing.requests_left:,}.", 0)


def _together(posts: Iterable[LivePost]) -> list[list[LivePost]]:
    """The same post on several accounts, where Publer says the same of it."""
    groups: dict[object, list[LivePost]] = {}
    for post in posts:
        groups.setdefault((post.at, post.text, post.error), []).append(post)
    return [*groups.values()]


def line(standing: Standing) -> str:
    """Where it stands, in a few words: what needs someone first, then what else the screen would show that is not as it should be."""
    plan = standing.plan
    urgent = [change for change in standing.urgent if not waits_for_yes(change)]
    total = len(tally.of_changes(urgent, plan)) + len(_together(standing.failed))
    ahead = sum(len(each.ahead) for each in standing.accounts)
    parts = [f"every apply ends with an error ({warn.code})" for warn in plan.stopped_by[:1]]
    if total:
        parts.append(f"{count(total, 'post')} {'need' if total > 1 else 'needs'} attention")
    if asks := len(tally.of_changes(filter(waits_for_yes, standing.urgent), plan)):
        parts.append(f"{count(asks, 'post waits', 'posts wait')} for a sign-off")
    held = [change for change in plan.changes if change.action is Action.HELD]
    out = len(tally.of_changes((change for change in held if change.live is None), plan))
    if out or (plan.holds and not held):
        parts.append(f"{out:,} on hold")
    if still := len(tally.of_changes((change for change in held if change.live is not None), plan)):
        parts.append(f"{count(still, 'post')} on hold but still scheduled in Publer")
    if made := len(_together(standing.made_on_hold)):
        parts.append(f"{count(made, 'post')} made in Publer during the hold")
    dates = Dates.around(plan.timezone, plan.created_at)
    parts += counted(standing.week, dates, Status.NOT_FOUND, Status.UNPUBLISHED, Status.HELD)
    if gaps := [alias_of(each.account) for each in standing.accounts if each.gaps]:
        named = ", ".join(gaps) if len(gaps) <= _MOST_NAMED else f"{len(gaps)} accounts"
        parts.append(f"a gap on {named}")
    parts += [
        f"the store of {one_line(each.name)} ends"
        + (f" on {dates.date(each.until)}" if each.until is not None else "")
        for each in standing.ending
    ]
    parts += [
        f"{one_line(each.name)} is gone with {count(each.ahead + each.on_hold, 'post')}"
        for each, _ in standing.gone
    ]
    return ", ".join([*parts, f"{ahead:,} ahead"])


class LivePostData(TypedDict):
    """A post in Publer."""

    post_id: Annotated[str, "Publer's id"]
    account: documents.AccountData
    scheduled_at: Moment | None
    text: str
    publer_said: NotRequired[Annotated[str | None, "why the post failed, in Publer's words"]]


_GapFrom = TypedDict("_GapFrom", {"from": Moment})


class GapData(_GapFrom):
    """A time without posts."""

    to: Moment


class StandingData(TypedDict):
    """Where one account stands."""

    account: documents.AccountData
    ahead: Annotated[Count, "posts scheduled in Publer, managed here or not"]
    next: Annotated[LivePostData | None, "the first of them"]
    gaps: Annotated[list[GapData], "silences of more than 14 days before the last post ahead"]


class UrgentData(data.ChangeData):
    """What needs attention."""

    kind: Literal["blocked", "recreate", "missed", "waiting"]


class StoreData(TypedDict):
    """How long the stored posts of a file last, if slots get uses for a year ahead."""

    name: Annotated[str, "the file's name"]
    uses: Annotated[int, "uses ahead: those in the calendar, and those that slots can still take"]
    until: Annotated[str | None, "the day of the last of them; null if there is none"]
    further: Annotated[bool, "whether they go on beyond the year"]


class WaitingPostData(TypedDict):
    """A post that waits for somebody's sign-off."""

    id: Annotated[str | None, "the post's id in the calendar"]
    account: documents.AccountData
    scheduled_at: Annotated[Moment, "when it publishes"]
    by: Annotated[Moment, "when the sign-off has to be there at the latest"]
    changed: Annotated[bool, "whether something else was signed off before"]


class PersonData(TypedDict):
    """Somebody whose sign-off posts wait for."""

    person: Annotated[str, "as `signoff` in publer.yaml calls them"]
    name: str
    posts: Annotated[list[WaitingPostData], "those first that need it first"]


class StopData(TypedDict):
    """Why every apply from here ends before it begins."""

    code: str
    message: str
    command: Annotated[str | None, "what to run about it; null if there is nothing"]


class StatusDocument(TypedDict):
    """What publer-sync status --format json prints."""

    format_version: Version
    calendar: Annotated[str, "the calendar's name"]
    workspace: documents.WorkspaceData
    created_at: Annotated[Moment, "when"]
    last_apply: Annotated[
        Moment | None, "when an apply last ended, whatever became of its posts; null if none did"
    ]
    last_good_apply: Annotated[
        Moment | None, "when an apply of the whole calendar last ended with 0; null if none is known to have"
    ]
    accounts: Annotated[list[StandingData], "each account of the calendar"]
    holds: Annotated[
        list[data.HoldData], "what keeps posts out of Publer: the command `hold`, or `hold` in the settings"
    ]
    held: Annotated[Count, "posts on hold"]
    made_on_hold: Annotated[
        list[LivePostData],
        "posts not managed here that someone made in the scope of a hold while it lasts: they will be published",
    ]
    stopped_by: Annotated[
        list[StopData],
        "why every apply ends with an error before it begins, such as a branch that was deleted",
    ]
    urgent: Annotated[list[UrgentData], "what needs attention: the change as plan has it, and its `kind`"]
    sign_offs: Annotated[list[PersonData], "whose sign-off posts wait for"]
    failed: Annotated[list[LivePostData], "posts that failed in Publer in the last 7 days"]
    published: Annotated[Count, "posts of these accounts that were published in the last 7 days"]
    not_found: Annotated[
        Count,
        "posts that were planned in the last 7 days and left no trace in Publer: see [results](#results)",
    ]
    missed: Annotated[Count, "posts whose time passed in the last 7 days while they were on hold"]
    gone: Annotated[
        list[documents.GoneData],
        "calendars that left the repository and still have posts ahead, whose states are beside this one",
    ]
    unmanaged: Annotated[list[LivePostData], "scheduled posts and dated drafts that are not managed here"]
    stores: Annotated[list[StoreData], "how long the stored posts of each file last"]
    budgets: Annotated[list[BudgetData], "each budget now, and in the fullest time ahead"]
    requests_left: Annotated[int, "requests that Publer's limit leaves now"]
    state: Annotated[str | None, "where the state is: a path, or `git:BRANCH`"]
    other_states: Annotated[list[str], "other places in which the calendar has a state: it should have one"]


def document(standing: Standing, command: str = data.APPLY) -> StatusDocument:
    plan = standing.plan
    by_id = {each.account.id: each.account for each in standing.accounts}
    return {
        "format_version": documents.FORMAT_VERSION,
        "calendar": plan.calendar,
        "workspace": documents.workspace_data(plan.workspace),
        "created_at": utc(plan.created_at),
        "last_apply": documents.time_data(plan.last_apply),
        "last_good_apply": documents.time_data(plan.last_good_apply),
        "accounts": [
            {
                "account": documents.account_data(each.account),
                "ahead": len(each.ahead),
                "next": _live(each.ahead[0], by_id) if each.ahead else None,
                "gaps": [{"from": utc(earlier), "to": utc(later)} for earlier, later in each.gaps],
            }
            for each in standing.accounts
        ],
        "holds": [data.hold_data(hold) for hold in plan.holds],
        "held": plan.count(Action.HELD),
        "made_on_hold": [_live(post, by_id) for post in standing.made_on_hold],
        "stopped_by": [
            {"code": warn.code, "message": warn.message, "command": warn.command or None}
            for warn in plan.stopped_by
        ],
        "urgent": [
            {"kind": _kind(change), **data.change_data(change, command)} for change in standing.urgent
        ],
        "sign_offs": [
            {
                "person": person,
                "name": plan.people.get(person) or person,
                "posts": [_waiting(change, by) for change, by in waiting],
            }
            for person, waiting in by_person(standing.urgent).items()
        ],
        "failed": [{**_live(post, by_id), "publer_said": post.error} for post in standing.failed],
        "published": standing.published,
        "not_found": standing.not_found,
        "missed": standing.missed,
        "gone": documents.gone_data(gone for gone, _ in standing.gone),
        "unmanaged": [_live(post, by_id) for post in standing.unmanaged],
        "stores": [
            {
                "name": each.name,
                "uses": each.uses,
                "until": str(each.until) if each.until is not None else None,
                "further": each.further,
            }
            for each in standing.stores
        ],
        "budgets": [budget_data(each) for each in standing.budgets],
        "requests_left": standing.requests_left,
        "state": standing.places[0] if standing.places else None,
        "other_states": list(standing.places[1:]),
    }


def _waiting(change: Change, by: datetime) -> WaitingPostData:
    asked = asked_of(change)
    return {
        "id": change.id,
        "account": documents.account_data(change.account),
        "scheduled_at": utc(change.at),
        "by": utc(by),
        "changed": asked is not None and asked.before is not None,
    }


def _kind(change: Change) -> Literal["blocked", "recreate", "missed", "waiting"]:
    if is_missed(change):
        return "missed"
    if is_waiting(change):
        return "waiting"
    return "recreate" if change.action is Action.RECREATE else "blocked"


def _live(post: LivePost, accounts: Mapping[str, Account]) -> LivePostData:
    return {
        "post_id": post.id,
        "account": documents.account_data(accounts[post.account_id]),
        "scheduled_at": documents.time_data(post.at),
        "text": post.text,
    }
