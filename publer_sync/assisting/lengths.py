"""How long a text is on each account or network, with what the calendar would add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from publer_sync.assisting.answers import ToolAnswer, cut_string
from publer_sync.calendar.expand import named_accounts
from publer_sync.networks.counting import count
from publer_sync.networks.table import NETWORKS, network_of
from publer_sync.render.layout.documents import FORMAT_VERSION
from publer_sync.render.layout.measure import pad, width
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import UsageError
from publer_sync.values.model import normal_text
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.calendar.load import Calendar
    from publer_sync.networks.counting import Count
    from publer_sync.values.documented import Version

NO_LIMIT = 1_000_000
"""A limit this high is not documented anywhere."""


class LengthData(TypedDict):
    """How long a text is on a network."""

    network: Annotated[str, "as the calendar calls it, such as `x`"]
    label: Annotated[str, "the network's name for people"]
    accounts: Annotated[list[str], "the calendar's aliases; none where networks were named"]
    used: int
    limit: Annotated[int | None, "null where no limit is documented"]
    unit: str
    over: Annotated[int, "by how much it is too long; 0 if it fits"]
    fits: bool
    stops_after: Annotated[str | None, "the end of what fits; null if all does"]
    why: Annotated[list[str], "what counts more or less than it looks, where it is too long"]
    added: Annotated[str | None, "what the calendar adds; it is counted"]


class CountDocument(TypedDict):
    """What the tool count of publer-sync mcp answers."""

    format_version: Version
    fits: Annotated[bool, "whether the text fits everywhere"]
    counts: Annotated[list[LengthData], "one for each network; more where accounts of a network differ"]
    unknown: Annotated[list[str], "accounts whose network publer.yaml does not name; they are not counted"]


@dataclass(frozen=True, slots=True)
class Length:
    """`added` is what the calendar appends to the text; it counts too."""

    provider: str
    accounts: tuple[str, ...]
    size: Count
    text: str
    added: str = ""

    @property
    def limit(self) -> int | None:
        return self.size.limit if self.size.limit < NO_LIMIT else None

    @property
    def data(self) -> LengthData:
        network, size = NETWORKS[self.provider], self.size
        return {
            "network": network.code,
            "label": network.label,
            "accounts": list(self.accounts),
            "used": size.used,
            "limit": self.limit,
            "unit": size.unit,
            "over": size.over,
            "fits": not size.over,
            "stops_after": self.text[: size.stops_at][-80:] if size.over else None,
            "why": list(size.drivers),
            "added": cut_string(self.added, 500) or None,
        }

    @property
    def line(self) -> str:
        size = self.size
        if self.limit is None:
            return f"{size.used:,} {size.unit}; no limit is documented"
        used = f"{size.used:,} of {size.limit:,} {size.unit}"
        if not size.over:
            return used
        why = "".join(f" {driver[0].upper()}{driver[1:]}." for driver in size.drivers)
        return f'{used}: {size.over:,} too long. It stops after "…{one_line(self.text[: size.stops_at][-40:])}".{why}'


def of_networks(text: str, networks: Sequence[str], *, media: bool) -> ToolAnswer:
    """On these networks, or on all. Raises UsageError for an unknown one."""
    unknown = [word for word in networks if network_of(word) is None]
    if unknown:
        raise UsageError(
            f'there is no network "{one_line(unknown[0])}"',
            hint=f"There are: {', '.join(network.code for network in NETWORKS.values())}",
        )
    providers = [network_of(word) or "" for word in networks] or list(NETWORKS)
    text = normal_text(text)
    return _answer(
        [
            Length(provider, (), count(text, provider, limit=_limit(provider, media=media)), text)
            for provider in dict.fromkeys(providers)
        ],
        (),
    )


def of_accounts(text: str, calendar: Calendar, aliases: Iterable[str], *, media: bool) -> ToolAnswer:
    """On these accounts of a calendar, with its footers and hashtags, and the limits of their own servers."""
    accounts, text = named_accounts(calendar.settings), normal_text(text)
    alike: dict[tuple[str, str, int | None], list[str]] = {}
    unknown: list[str] = []
    for alias in aliases:
        account = accounts[alias]
        if account.provider not in NETWORKS:
            unknown.append(alias)
            continue
        whole = calendar.extras_in(None, account, "").text(text)
        own = account.max_characters if NETWORKS[account.provider].text.settable else None
        alike.setdefault((account.provider, whole, own), []).append(alias)
    lengths = [
        Length(
            provider,
            tuple(names),
            count(whole, provider, limit=own or _limit(provider, media=media)),
            whole,
            whole[len(text) :].strip() if whole.startswith(text) else "UTM parameters",
        )
        for (provider, whole, own), names in alike.items()
    ]
    return _answer(lengths, unknown)


def _limit(provider: str, *, media: bool) -> int | None:
    return NETWORKS[provider].text.caption_limit if media else None


def _answer(lengths: Sequence[Length], unknown: Sequence[str]) -> ToolAnswer:
    data: CountDocument = {
        "format_version": FORMAT_VERSION,
        "fits": not any(each.size.over for each in lengths),
        "counts": [each.data for each in lengths],
        "unknown": list(unknown),
    }
    names = [", ".join(each.accounts) or NETWORKS[each.provider].code for each in lengths]
    columns = max(map(width, names), default=0) + 2
    lines = [f"{pad(name, columns)}{each.line}" for name, each in zip(names, lengths, strict=True)]
    for added in dict.fromkeys(each.added for each in lengths if each.added):
        on = [name for name, each in zip(names, lengths, strict=True) if each.added == added]
        where = "" if len(on) == len(lengths) else f" ({', '.join(on)})"
        lines.append(f"The calendar adds, and this counts{where}: {cut_string(one_line(added), 500)}")
    if unknown:
        lines.append(f"Not counted, since publer.yaml does not name their network: {', '.join(unknown)}")
    return ToolAnswer("\n".join(lines) + "\n", data)
