"""Sign-off in a plan: what would be sent without a yes is blocked, and what is in Publer without one is told. Pure."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from publer_sync.ledger.copies import End
from publer_sync.planning.blocks import LEAD
from publer_sync.planning.differences import between
from publer_sync.planning.judge import NOT_SCHEDULED, STILL_DRAFT
from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import (
    Adopt,
    Block,
    Blocked,
    Create,
    Doable,
    FieldChange,
    Past,
    Recreate,
    Replace,
    Unchanged,
    Update,
    blocked,
    intent,
    soonest,
)
from publer_sync.values.alike import folded_labels
from publer_sync.values.model import Family
from publer_sync.values.signoff import day_of, name_of
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.planning.case import Case
    from publer_sync.planning.plan import Change
    from publer_sync.values.model import Account, Post, Settings
    from publer_sync.values.policies import SignoffRule
    from publer_sync.values.signoff import SignedPosts, Signoff, SignoffNeed

YES_DUE: Final = timedelta(days=1)
"""This long before its minute, a post that is not signed off needs somebody."""
_MOST_NAMED: Final = 3


def ask_for_yes(case: Case, signed: SignedPosts, changes: Iterable[Change]) -> list[Change]:
    """The changes with those blocked that would send what is not signed off."""
    left = {}
    for entry in case.unwanted:
        if entry.id and entry.account in case.accounts:
            alias = case.accounts[entry.account].alias or ""
            left[entry.id] = (alias, entry.newest.sent.labels)
    return [_judged(case, signed, change, left) for change in changes]


def _judged(
    case: Case, signed: SignedPosts, change: Change, left: dict[str, tuple[str, tuple[str, ...]]]
) -> Change:
    if isinstance(change, Past):
        return _missed_without(signed, change)
    wanted = intent(change)
    if not isinstance(wanted, Create | Recreate | Update | Replace) or not isinstance(
        change, Doable | Blocked
    ):
        return change
    post, copy = wanted.post, wanted.copy
    if post.draft or (isinstance(wanted, Replace) and wanted.successor is not None):
        return change  # of the latter, the new post is in Publer
    labels = [*copy.sent.labels] if copy is not None else []
    accounts = []
    if copy is None and post.id in left:  # it comes from an account that it leaves
        alias, more = left[post.id]
        accounts, labels = [alias], [*labels, *more]
    asked = signed.asked(post, labels=labels, accounts=accounts)
    if asked is None or not asked.missing or _is_put_back(signed, wanted):
        return change
    reason = _reason(asked, signed.signoff, case.settings.timezone)
    told = blocked(change, [Block.APPROVAL], reason if not change.blocks else change.reason)
    if told.blocks[0] is Block.APPROVAL:
        told = replace(told, reason=reason)
    freeze = timedelta(minutes=case.settings.limits.freeze_minutes)
    return replace(
        told,
        asked=asked,
        needed_by=_needed_by(change, freeze),
        near=is_near(change, case.now),
        since=since_yes(asked),
    )


def _missed_without(signed: SignedPosts, past: Past) -> Past:
    """What was not published, with whose yes it had not got."""
    post, labels = past.post, past.copy.sent.labels if past.copy is not None else ()
    if past.reason not in (STILL_DRAFT, NOT_SCHEDULED) or post.draft:
        return past
    asked = signed.asked(post, labels=labels)
    if asked is None or not asked.missing:
        return past
    reason = f"{past.reason}; it waited for the sign-off of {names_of(signed.signoff, asked.missing)}"
    return replace(past, reason=reason, unsigned=True)


def is_near(change: Change, now: datetime) -> bool:
    """Whether its minute, or that of the post in Publer that it would change, is less than a day ahead."""
    return soonest(change) - now <= YES_DUE


def _is_put_back(signed: SignedPosts, wanted: Create | Recreate | Update | Replace) -> bool:
    """Whether an apply or a hold took out of Publer just what comes back."""
    post, copy = wanted.post, wanted.copy
    if not isinstance(wanted, Create) or copy is None or copy.end is not End.REMOVED or copy.draft:
        return False
    before = replace(post, at=copy.slot, content=copy.sent)
    return signed.says(copy.sent) == signed.says(post.content) and day_of(before) == day_of(post)


def names_of(signoff: Signoff, missing: Iterable[Sequence[str]]) -> str:
    """Whose yes it is: `Kari, Acme AS`; `Legal or Kari`; `Legal and of Kari`."""
    return " and of ".join(" or ".join(map(signoff.name, each)) for each in missing)


def _reason(asked: SignoffNeed, signoff: Signoff, timezone: str) -> str:
    reason = f"it waits for the sign-off of {names_of(signoff, asked.missing)}"
    if asked.was_asked:
        reason += ", who was asked for the account or label that it had before"
    if asked.before is not None:
        at = asked.before.at.astimezone(time_zone(timezone))
        who = signoff.name(asked.before.by)
        reason += f"; it has changed since {who} signed it off on {at:%a} {at.day} {at:%b}"
    return reason


def since_yes(asked: SignoffNeed) -> tuple[FieldChange, ...]:
    """What has changed since the last yes to something else; nothing where a newer version recorded it."""
    if asked.before is None:
        return ()
    was, now = asked.before.statement, asked.statement
    try:
        found = [*between(was.content, now.content)]
    except (ValueError, TypeError, KeyError):
        found = []
    found += [FieldChange("account", was.on, now.on)] if was.on != now.on else []
    found += [FieldChange("day", was.day, now.day)] if was.day and was.day != now.day else []
    return tuple(found)


def _needed_by(change: Change, freeze: timedelta) -> datetime:
    if isinstance(intent(change), Update | Replace):
        return soonest(change) - freeze
    return change.at - LEAD


def by_person(changes: Iterable[Change]) -> dict[str, list[tuple[Change, datetime]]]:
    """What waits for a yes, and until when, by everybody whose yes would help; what needs it first comes first."""
    asking = [
        (each, each.needed_by, each.asked.people)
        for each in changes
        if isinstance(each, Blocked) and each.asked is not None and each.needed_by is not None
    ]
    found: dict[str, list[tuple[Change, datetime]]] = {}
    for change, by, people in sorted(asking, key=lambda each: each[1]):
        for person in people:
            found.setdefault(person, []).append((change, by))
    return found


def unsigned(signed: SignedPosts, changes: Iterable[Change], case: Case) -> Iterator[Warn]:
    """What is in Publer, is published unless somebody stops it, and says what nobody signed off."""
    found: dict[str, Post] = {}
    for change in changes:
        if not isinstance(change, Unchanged | Adopt) or change.post is None or change.at <= case.now:
            continue
        live = change.live
        if change.post.draft or (live is not None and live.family is not Family.SCHEDULED):
            continue
        asked = signed.asked(change.post)
        if asked is not None and asked.missing:
            found.setdefault(name_of(change.post), change.post)
    if found:
        names = ", ".join([*found][:_MOST_NAMED])
        more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        one = len(found) == 1
        yield Warn(
            "signoff.unsigned",
            f"{'1 post that is' if one else f'{len(found)} posts that are'} scheduled in Publer {'has' if one else 'have'} no sign-off "
            f"for what {'it says' if one else 'they say'} now: {names}{more}; {'it stays' if one else 'they stay'}, and "
            f"{'is' if one else 'are'} published unless somebody stops {'it' if one else 'them'}",
            next(iter(found.values())).location,
        )


# --- rules that got weaker ------------------------------------------------------------------------------------------


def kept_rules(rules: Iterable[SignoffRule], accounts: Iterable[Account]) -> tuple[str, ...]:
    """The rules as the ledger keeps them, with the ids of accounts."""
    ids = {account.alias: account.id for account in accounts}
    return tuple(
        json.dumps(
            {
                "by": sorted(rule.by),
                "accounts": sorted(ids.get(alias, alias) for alias in rule.accounts),
                "labels": sorted(rule.labels),
                "all": rule.all,
                "day": rule.day,
            },
            ensure_ascii=False,
        )
        for rule in rules
    )


def weaker(before: Iterable[str], settings: Settings, accounts: Mapping[str, Account]) -> Iterator[Warn]:
    """Each rule of the last apply that nothing asks as much as any more."""
    now = [json.loads(each) for each in kept_rules(settings.signoff, accounts.values())]
    place = settings.signoff[0].location if settings.signoff else None
    for each in map(json.loads, before):
        if any(_asks_as_much(rule, each) for rule in now):
            continue
        people = (" and " if each["all"] else " or ").join(
            settings.people.get(who) or who for who in each["by"]
        )
        names = [accounts[key].alias or key if key in accounts else key for key in each["accounts"]]
        scope = f" on {', '.join(names)}" if names else ""
        scope += f" with the label {' or '.join(each['labels'])}" if each["labels"] else ""
        yield Warn(
            "signoff.weaker",
            f"a sign-off that was asked for at the last apply is asked for no longer, or for less: that of {people}, for posts{scope}",
            place,
        )


def _asks_as_much(rule: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    by, of = {*rule["by"]}, {*before["by"]}
    wide = not rule["accounts"] or (before["accounts"] and {*before["accounts"]} <= {*rule["accounts"]})
    labels, had = folded_labels(rule["labels"]), folded_labels(before["labels"])
    wide = wide and (not labels or (had and had <= labels))
    everybody, anybody = rule["all"] and of <= by, by <= of or (rule["all"] and not by.isdisjoint(of))
    strict = everybody if before["all"] else anybody
    return bool(wide and strict and (rule["day"] or not before["day"]))
