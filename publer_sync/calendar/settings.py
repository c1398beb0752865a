"""`publer.yaml` as values: the settings, the aliases and groups, and the calendar's name."""

from __future__ import annotations

import difflib
import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publer_sync.calendar import times
from publer_sync.calendar.files import SETTINGS
from publer_sync.calendar.yaml.nodes import Map
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.model import AccountRef, Limits, Settings
from publer_sync.networks.table import NETWORKS, network_of
from publer_sync.problems import Fix, Location, Problem
from publer_sync.service import is_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.files import Document
    from publer_sync.calendar.yaml.nodes import Mark

ALL = "all"
_BETWEEN = re.compile(r"\s*[,;+&|/\u3001\uff0c\u060c]\s*|\s+(?:and|und|et|og|och|y|e)\s+")
"""What people write between the names of several accounts."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The words that stand for accounts. `complete` is false where publer.yaml could not be read whole."""

    aliases: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    complete: bool = True

    def members(self, word: str) -> tuple[str, ...] | None:
        """The aliases that `word` stands for; None where it stands for nothing. `x` and `twitter` are one word."""
        if word in self.aliases:
            return (word,)
        if word in self.groups:
            return self.groups[word]
        if word == ALL:
            return self.aliases
        if word.lower() in ("x", "twitter"):
            return next(((alias,) for alias in ("x", "twitter") if alias in self.aliases), None)
        return None

    def unknown(self, word: str, mark: Mark, lines: Sequence[str]) -> Problem:
        """The problem of a word that stands for nothing."""
        if (several := self._several(word, mark, lines)) is not None:
            return several
        known = [*self.aliases, *self.groups]
        near = self._near(word) if len(word.split()) < 3 else None
        has = f"{SETTINGS} has: {', '.join(known)}" if known else f"{SETTINGS} names no accounts"
        way = f'did you mean "{near}"? {has}' if near else has
        fix = None
        if near and mark.line == mark.end_line and mark.line <= len(lines):
            text = lines[mark.line - 1]
            written = text[mark.column - 1 : mark.end_column - 1].replace(word, near, 1)
            fix = Fix(mark.line, mark.line, text[: mark.column - 1] + written + text[mark.end_column - 1 :])
        message = f"there is no account {snippet(word)}"
        return Problem("error", "account.unknown", message, mark.location, way, mark.length, fix=fix)

    def _several(self, word: str, mark: Mark, lines: Sequence[str]) -> Problem | None:
        """Several words in one, such as `x, linkedin` without brackets."""
        parts = [each.strip() for each in _BETWEEN.split(word) if each.strip()]
        words = [each if self.members(each) else self._near(each) for each in parts]
        if len(parts) < 2:
            words = [each if self.members(each) else None for each in word.split()]
        known = [each for each in words if each is not None]
        if len(known) < 2 or len(known) < len(words) or mark.line > len(lines):
            return None
        text = lines[mark.line - 1]
        before, after = text[: mark.column - 1], text[mark.end_column - 1 :]
        message = f"{snippet(word)} is read as the name of one account"
        if before.rstrip().endswith("account:"):
            way = "an entry each:" + "".join(f"\n- account: {each}" for each in known)
            return Problem("error", "account.unknown", message, mark.location, way, mark.length)
        written = ", ".join(known)
        if (mark.line, mark.column) != (mark.key_line, mark.key_column):
            written = f"[{written}]"
        elif before.strip() == "-":
            written = f"\n{before}".join(known)
        way, fix = before + written + after, Fix(mark.line, mark.line, before + written + after)
        return Problem(
            "error", "account.unknown", message, mark.location, textwrap.dedent(way), mark.length, fix=fix
        )

    def _near(self, word: str) -> str | None:
        if word.startswith("-"):
            return None  # an account to leave out, rather than a misspelt one
        near = difflib.get_close_matches(word[:60], [*self.aliases, *self.groups, ALL], 1, 0.6)
        return near[0] if near else None


def name_of(top: Path) -> str:
    """The calendar's name: its path in its git repository, `calendar` at the top of one, else the folder's name."""
    here = top.resolve()
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            inner = here.relative_to(folder).as_posix()
            return "calendar" if inner == "." else inner
    return here.name or "calendar"


def settings_of(document: Document | None, top: Path, problems: list[Problem]) -> tuple[Settings, Groups]:
    """What a checked publer.yaml says; what is wrong in it has been said already, but for what no schema sees."""
    data = document.data if document else None
    if document is None or data is None:
        return Settings(name_of(top)), Groups((), {}, complete=False)
    timezone = _text(data, "timezone")
    if timezone is not None and not _is_zone(timezone, data, "timezone", document, problems):
        timezone = None
    if (at := _text(data, "time")) is not None:
        try:
            times.read_time(at)
        except times.Trouble as trouble:
            problems.append(trouble_at(trouble, data.marks["time"], document.lines))
    accounts = _map(data, "accounts")
    refs = tuple(
        ref
        for alias in accounts or ()
        if (ref := _account(alias, accounts, problems)) is not None  # type: ignore[arg-type]  # not empty: not None
    )
    _find_twins(refs, problems)
    aliases = tuple(accounts or ()) + tuple(
        sorted(accounts.broken - accounts.keys() if accounts is not None else ())
    )
    complete = not data.broken & {"accounts", "groups", "?"}
    groups = _groups(_map(data, "groups"), aliases, problems, document.lines, complete=complete)
    limits: Mapping[str, Any] = _map(data, "limits") or {}
    settings = Settings(
        name=_text(data, "name") or name_of(top),
        workspace=_text(data, "workspace"),
        workspace_location=data.marks["workspace"].location if "workspace" in data else None,
        timezone=timezone or "UTC",
        state=_text(data, "state"),
        accounts=refs,
        prune="none" if data.get("prune") == "none" else "owned",
        edits="overwrite" if data.get("edits") == "overwrite" else "ask",
        limits=Limits(_number(limits, "delete", 10), _number(limits, "freeze_minutes", 15)),
    )
    return settings, Groups(aliases, groups, complete)


def missing(top: Path) -> Problem:
    """The problem of a calendar without settings, with the nearest ones above or below."""
    way = "publer-sync accounts prints lines to start with:\nworkspace: My Workspace\ntimezone: Europe/Berlin\naccounts:\n  facebook: My Page"
    here = top.resolve()
    above = next((folder for folder in list(here.parents)[:3] if (folder / SETTINGS).is_file()), None)
    below = next((folder for folder in sorted(here.glob("*/")) if (folder / SETTINGS).is_file()), None)
    if above is not None:
        steps = "/".join([".."] * (len(here.parts) - len(above.parts)))
        way = f"there is one in {steps}; is that folder the calendar?"
    elif below is not None:
        way = f"there is one in {below.name}/; is that folder the calendar?"
    return Problem("error", "settings.none", f"no {SETTINGS} in {here.name}/", Location(SETTINGS, 1), way)


def misnamed(file: str) -> Problem:
    """The problem of settings that are read, but from a file of another name."""
    return Problem(
        "error",
        "settings.none",
        f"the settings are called {SETTINGS}, and this file {file}",
        Location(file, 1),
        f"rename it:\ngit mv {file} {SETTINGS}",
    )


def check_workspace(settings: Settings, env: str | None) -> Problem | None:
    """The error of two workspaces that differ. A name and an id can be compared by nobody offline."""
    said = settings.workspace
    if not env or not said or said == env or not (is_id(said) and is_id(env)):
        return None
    message = f"{SETTINGS} says workspace {said}, PUBLER_WORKSPACE_ID says {env}"
    way = f"unset PUBLER_WORKSPACE_ID, or write it here:\nworkspace: {env}"
    return Problem("error", "workspace.two", message, settings.workspace_location, way, len(said))


def _text(data: Map, key: str) -> str | None:
    value = data.get(key)
    return value.strip() or None if isinstance(value, str) and key not in data.broken else None


def _number(data: Mapping[str, Any], key: str, default: int) -> int:
    value = data.get(key)
    return int(value) if isinstance(value, int | float) and value >= 0 else default


def _map(data: Map, key: str) -> Map | None:
    value = data.get(key)
    return value if isinstance(value, Map) else None


def _is_zone(name: str, data: Map, key: str, document: Document, problems: list[Problem]) -> bool:
    try:
        times.zone(name)
    except times.Trouble as trouble:
        problems.append(trouble_at(trouble, data.marks[key], document.lines))
        return False
    return True


def trouble_at(trouble: times.Trouble, mark: Mark, lines: Sequence[str]) -> Problem:
    """A Trouble with a time, at the place where it was written, with the line as it should stand."""
    fix = None
    if trouble.written is not None and mark.line == mark.end_line and mark.line <= len(lines):
        text = lines[mark.line - 1]
        fix = Fix(
            mark.line, mark.line, text[: mark.column - 1] + trouble.written + text[mark.end_column - 1 :]
        )
    return Problem("error", trouble.code, trouble.message, mark.location, trouble.help, mark.length, fix=fix)


def _account(alias: str, accounts: Map, problems: list[Problem]) -> AccountRef | None:
    if alias in accounts.broken:
        return None
    value, mark = accounts[alias], accounts.marks[alias]
    network, word, most = network_of(alias), alias, None
    if isinstance(value, Map):
        name = str(value.get("id") or value.get("name") or "")
        said = value.get("provider")
        if isinstance(said, str):
            network, word = network_of(said), said
            if network is None:
                problems.append(_no_network(said, value.marks["provider"]))
                return None
        if isinstance(value.get("max_characters"), int) and "max_characters" not in value.broken:
            most = value["max_characters"]
            if network and not NETWORKS[network].text.settable:
                problems.append(_no_server(NETWORKS[network].label, value.marks["max_characters"]))
    else:
        name = str(value)
        before, slash, after = name.partition("/")
        if slash and after.strip() and (other := network_of(before)):
            network, word, name = other, before, after
    if alias == ALL:
        message = "`all` means every account, so no account can be called so"
        problems.append(
            Problem("error", "account.name", message, mark.key_location, "give it another alias", len(alias))
        )
        return None
    kind = word.strip().lower() if network == "wordpress" and "_" in word else None
    return AccountRef(alias, name.strip(), network, mark.key_location, most, kind)


def _no_server(label: str, mark: Mark) -> Problem:
    message = f"{label} has one limit for everybody: `max_characters` is for accounts on a Mastodon server"
    return Problem(
        "error", "key.place", message, mark.key_location, "take the line away", len("max_characters")
    )


def _no_network(word: str, mark: Mark) -> Problem:
    names = ["x", *NETWORKS]
    near = difflib.get_close_matches(word.lower()[:60], names, 1, 0.6)
    way = f"{f'did you mean `{near[0]}`? ' if near else ''}the networks are: {', '.join(names)}"
    return Problem(
        "error",
        "account.network",
        f"there is no network {snippet(word)}",
        mark.location,
        way,
        mark.length,
    )


def _find_twins(refs: Sequence[AccountRef], problems: list[Problem]) -> None:
    first: dict[tuple[str, str | None], AccountRef] = {}
    for ref in refs:
        other = first.setdefault((ref.name, None if is_id(ref.name) else ref.provider), ref)
        if other is not ref and (ref.provider or is_id(ref.name)):
            problems.append(twin(other.alias, other.location, ref.alias, ref.location))


def twin(alias: str, place: Location | None, other: str, at: Location | None) -> Problem:
    message = f"`{alias}` and `{other}` are one account"
    related = ((place, f"`{alias}`"),) if place else ()
    way = f"keep one of them, and use it wherever the other stands: `{alias}`"
    return Problem("error", "account.twice", message, at, way, len(other), related)


def _groups(
    data: Map | None,
    aliases: tuple[str, ...],
    problems: list[Problem],
    lines: Sequence[str],
    *,
    complete: bool,
) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    if data is None:
        return groups
    alone = Groups(aliases, {}, complete)
    for name, value in data.items():
        mark = data.marks[name]
        if name == ALL or name in aliases:
            what = "every account" if name == ALL else "an account"
            message = f"{snippet(name)} means {what} already, so no group can be called so"
            problems.append(
                Problem(
                    "error", "account.name", message, mark.key_location, "give it another name", len(name)
                )
            )
        members: list[str] = []
        pairs = (
            zip(value, value.marks, strict=True)
            if isinstance(value, list) and hasattr(value, "marks")
            else [(value, mark)]
        )
        for word, place in pairs:
            if not isinstance(word, str):
                continue
            found = alone.members(word)
            if found is None:
                if complete:
                    problems.append(alone.unknown(word, place, lines))
            else:
                members += found
        groups[name] = tuple(dict.fromkeys(members))
    return groups
