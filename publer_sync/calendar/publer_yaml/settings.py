"""`publer.yaml` as values: the settings, the accounts, and the calendar's name."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.files import read_file
from publer_sync.calendar.folder import SETTINGS
from publer_sync.calendar.layers import inner_map
from publer_sync.calendar.outside import media_folders, repository_of
from publer_sync.calendar.places import problem_at, time_problem
from publer_sync.calendar.publer_yaml.budgets import budgets_of
from publer_sync.calendar.publer_yaml.extends import combined, layers_of
from publer_sync.calendar.publer_yaml.groups import ALL, AccountWords, Groups, groups_of
from publer_sync.calendar.publer_yaml.signoff_rules import people_of, signoff_of
from publer_sync.calendar.publer_yaml.words import words_of
from publer_sync.calendar.shape import keys
from publer_sync.calendar.when import times, zones
from publer_sync.calendar.when.cadence import cadence_of
from publer_sync.calendar.when.named_dates import dates_of_settings
from publer_sync.calendar.when.slots import slots_of
from publer_sync.calendar.when.wall_clock import WallClock
from publer_sync.calendar.yaml.nodes import Map
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.networks.table import NETWORKS, network_of
from publer_sync.starting.late_modules import late_module
from publer_sync.values.addresses import one_spelling
from publer_sync.values.model import AccountRef, Limits, Settings, SettingsHold
from publer_sync.values.policies import OwnHosts
from publer_sync.values.printable import one_line
from publer_sync.values.problems import Help, Location, Problem
from publer_sync.values.service import is_id

if TYPE_CHECKING:
    import shlex
    from collections.abc import Mapping, Sequence

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.values.problems import Fix
else:
    shlex = late_module("shlex")

NETWORK_NAMES = ("x", *NETWORKS)


def settings_of(documents: Sequence[Document], top: Path, problems: list[Problem]) -> tuple[Settings, Groups]:
    """The settings in files that match their schemas. Adds the problems that a schema cannot find."""
    layers = layers_of(documents)
    data = combined(layers)
    lines = {document.file: document.lines for document in documents}
    if data is None:
        return Settings(_name_of(top), zone_known=False), Groups((), {}, complete=False)
    timezone = _text(data, "timezone")
    for key, read in (("timezone", zones.zone), ("time", times.read_time)):
        try:
            if (written := _text(data, key)) is not None:
                read(written)
        except zones.TimeError as error:
            mark = data.marks[key]
            problems.append(time_problem(error, mark, lines.get(mark.file, ())))
            timezone = None if key == "timezone" else timezone
    accounts = inner_map(data, "accounts") or Map(data.mark)
    refs = [ref for alias in accounts if (ref := _account(alias, accounts, problems)) is not None]
    problems += _doubles(refs)
    complete = not data.broken & {"accounts", "groups", "?"}
    aliases = (*accounts, *sorted(accounts.broken - accounts.keys()))
    groups = groups_of(
        inner_map(data, "groups"), aliases, problems, lines, own=data.mark.file, complete=complete
    )
    # What is wrong with them is told with the posts.
    known = dates_of_settings(layers, timezone or "UTC", lines, [])
    clock = WallClock(zones.zone(timezone or "UTC"), dates=known)
    named = AccountWords(groups, refs, problems, lines, data.mark.file)
    words, replaced_words = words_of(layers, named)
    people = people_of(data)
    log = inner_map(data, "log")
    limits: Mapping[str, Any] = inner_map(data, "limits") or {}
    settings = Settings(
        name=_text(data, "name") or _name_of(top),
        workspace=_text(data, "workspace"),
        workspace_location=data.marks["workspace"].location if "workspace" in data else None,
        timezone=timezone or "UTC",
        zone_known=timezone is not None,
        state=_state(data, layers),
        names_who=log is None or log.get("who") is not False,
        state_on_disk=data.get("state_on_disk") is True,
        accounts=tuple(refs),
        media=media_folders(layers[-1], top, problems),
        prune="none" if data.get("prune") == "none" else "owned",
        edits="overwrite" if data.get("edits") == "overwrite" else "ask",
        limits=Limits(
            _number(limits, "delete", 10),
            _number(limits, "freeze_minutes", 15),
            _number(limits, "change", -1) if limits.get("change") is not None else None,
        ),
        cadence=cadence_of(inner_map(data, "cadence"), named, clock),
        budgets=budgets_of(data, named),
        slots=slots_of(data, named),
        words=words,
        replaced_words=replaced_words,
        hosts=_hosts(data),
        requesters=_requesters(inner_map(data, "requests")),
        hold=_hold(data, named),
        signoff=signoff_of(layers, people, named),
        people=people,
    )
    return settings, groups


def _requesters(requests: Map | None) -> frozenset[str]:
    names = requests.get("from") if requests is not None and "from" not in requests.broken else None
    return frozenset(str(name).strip().lstrip("@").lower() for name in names or ())


def state_from_here(written: str, file: str) -> str:
    """A place that the settings in `file` name, as the calendar's own would: a path starts at the file that has it."""
    folder = posixpath.dirname(file)
    if not folder or written.startswith(("git:", "/", "~/")):
        return written
    return posixpath.normpath(posixpath.join(folder, written))


def _state(data: Map, layers: Sequence[Map]) -> str | None:
    written = _text(data, "state")
    if written is None or layers[-1].get("state") is not None:
        return written
    return state_from_here(written, data.marks["state"].file)


def _hosts(data: Map) -> OwnHosts | None:
    hosts = data.get("hosts") if "hosts" not in data.broken else None
    if not isinstance(hosts, list | Map) or (isinstance(hosts, Map) and hosts.broken):
        return None
    names = hosts["own"] if isinstance(hosts, Map) else hosts
    hard = isinstance(hosts, Map) and hosts.get("severity") == "error"
    spelt = (one_spelling(str(name)).removeprefix("www.") for name in names)
    return OwnHosts(tuple(spelt), data.marks["hosts"].key_location, "error" if hard else "warning")


def _hold(data: Map, accounts: AccountWords) -> SettingsHold | None:
    hold = inner_map(data, "hold")
    if hold is None or "hold" in data.broken or hold.broken:
        return None
    if (aliases := accounts.accounts_in(hold, "this hold")) is None:
        return None
    labels = tuple(str(label).strip() for label in hold.get("labels") or ())
    return SettingsHold(one_line(hold["reason"]), data.marks["hold"].key_location, aliases, labels)


def named(raw: bytes, inner: str) -> str | None:
    """What settings in a folder call their calendar, `inner` being its path in the repository; None where they can't be read."""
    document = read_file(Path(SETTINGS), SETTINGS, Path(), raw, kind="settings")
    if document.data is None or "name" in document.data.broken:
        return None
    if any(problem.severity == "error" for problem in document.problems):
        return None
    return _text(document.data, "name") or inner or "calendar"


def _name_of(top: Path) -> str:
    """The calendar's name: its path in its git repository, `calendar` at the top of one, else the folder's name."""
    here = top.resolve()
    if (repository := repository_of(top)) is not None:
        inner = here.relative_to(repository).as_posix()
        return "calendar" if inner == "." else inner
    return here.name or "calendar"


def _text(data: Map, key: str) -> str | None:
    value = data.get(key)
    return value.strip() or None if isinstance(value, str) and key not in data.broken else None


def _number(data: Mapping[str, Any], key: str, default: int) -> int:
    value = data.get(key)
    return int(value) if isinstance(value, int | float) and value >= 0 else default


# --- the file and the environment -----------------------------------------------------------------------------------


def missing(top: Path, *, posts: bool) -> Problem:
    """The problem of a folder without settings; names a folder above or below that has some.

    `posts`: the folder has post files, so the settings belong here rather than in a new folder.
    """
    here = top.resolve()
    above = next((folder for folder in list(here.parents)[:3] if (folder / SETTINGS).is_file()), None)
    below = [file.parent.relative_to(here).as_posix() for file in sorted(here.glob(f"*/{SETTINGS}"))]
    if above is not None:
        steps = "/".join([".."] * (len(here.parts) - len(above.parts)))
        advice = Help(f"Is {steps} the calendar? It has a {SETTINGS}")
    elif len(below) == 1:
        advice = Help(f"Is {below[0]}/ the calendar? It has a {SETTINGS}")
    elif below:
        more = f" and {len(below) - 5} more" if len(below) > 5 else ""
        advice = Help(f"Name one of the calendars in it: {', '.join(below[:5])}{more}")
    else:
        name = top.as_posix()
        folder = [] if name == "." and not posts else [name]
        advice = Help("Start a calendar", shlex.join(["publer-sync", "init", *folder]))
    return Problem("error", "settings.none", f"no {SETTINGS} in {here.name}/", Location(SETTINGS, 1), advice)


def misnamed(file: str) -> Problem:
    """The problem of settings in a file with the wrong name."""
    message = f"the settings are in {file}; the file must be called {SETTINGS}"
    advice = Help("Rename the file", f"git mv {file} {SETTINGS}")
    return Problem("error", "settings.none", message, Location(file, 1), advice)


def check_workspace(settings: Settings, env: str | None) -> Problem | None:
    """The problem of two different workspaces. Offline, a name and an id cannot be compared."""
    named = settings.workspace
    if not env or not named or named == env or not (is_id(named) and is_id(env)):
        return None
    message = f"{SETTINGS} names workspace {named}, PUBLER_WORKSPACE_ID names {env}"
    advice = Help("Unset PUBLER_WORKSPACE_ID, or use its workspace here", f"workspace: {env}")
    return Problem("error", "workspace.two", message, settings.workspace_location, advice, len(named))


# --- accounts -------------------------------------------------------------------------------------------------------


def _account(alias: str, accounts: Map, problems: list[Problem]) -> AccountRef | None:
    if alias in accounts.broken:
        return None
    value, mark = accounts[alias], accounts.marks[alias]
    network, word, most = network_of(alias), alias, None
    shared = isinstance(value, Map) and value.get("shared") is True
    if isinstance(value, Map):
        name = str(value.get("id") or value.get("name") or "")
        provider = value.get("provider")
        if isinstance(provider, str):
            network, word = network_of(provider), provider
            if network is None:
                near = keys.nearest(provider, NETWORK_NAMES)
                problems.append(no_network(provider, value.marks["provider"], near))
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
        message = "`all` means every account, so no account can have this alias"
        problems.append(problem_at(mark, "account.name", message, "Choose another alias", key=alias))
        return None
    kind = word.strip().lower() if network == "wordpress" and "_" in word else None
    return AccountRef(alias, name.strip(), network, mark.key_location, most, kind, shared)


def _no_server(label: str, mark: Mark) -> Problem:
    message = f"{label} has one limit for everybody; `max_characters` is for accounts on a Mastodon server"
    return problem_at(mark, "key.place", message, "Remove the line", key="max_characters")


def no_network(word: str, mark: Mark, near: str | None, *, key: str = "", fix: Fix | None = None) -> Problem:
    """The problem of a word that names no network; `near` is the one that may be meant."""
    say = f"{f'Did you mean {near}? ' if near else ''}The networks are: {', '.join(NETWORK_NAMES)}"
    return problem_at(mark, "account.network", f"there is no network {snippet(word)}", say, key=key, fix=fix)


def _doubles(refs: Sequence[AccountRef]) -> list[Problem]:
    """The problems of aliases that are visibly the same account."""
    first: dict[tuple[str, str | None], AccountRef] = {}
    problems = []
    for ref in refs:
        by_id = is_id(ref.name)
        other = first.setdefault((ref.name, None if by_id else ref.provider), ref)
        if other is not ref and (ref.provider or by_id):
            message = f"`{other.alias}` and `{ref.alias}` are the same account"
            advice = Help(f"Keep one of them, and use it wherever the other is named: {other.alias}")
            related = ((other.location, f"`{other.alias}`"),)
            length = len(ref.alias)
            problems.append(Problem("error", "account.twice", message, ref.location, advice, length, related))
    return problems
