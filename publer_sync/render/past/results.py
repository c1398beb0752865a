"""`results`: what became of the posts of some days, as text and JSON, and the sentences that every format shares."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.networks.table import code_of
from publer_sync.planning.publication import MOVED, NOT_OUT, Publication, Status, totals
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.measure import cut, pad, quoted, width
from publer_sync.render.layout.phrases import Span
from publer_sync.render.layout.terminal import PLAIN, Screen, TerminalPage
from publer_sync.render.layout.wording import count, listing, on_accounts, sentence
from publer_sync.render.post.entries import alias_of
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publer_sync.planning.publication import Results
    from publer_sync.values.model import Figure

WORDS = {
    Status.NOT_FOUND: "not found",
    Status.FAILED: "failed",
    Status.UNPUBLISHED: "not published",
    Status.HELD: "missed on hold",
    Status.TAKEN_DOWN: "taken down",
    Status.DUE: "due",
    Status.PUBLISHED: "published",
}
FIXES = {
    Status.NOT_FOUND: "look on the network; what is not there either needs a new post.",
    Status.FAILED: "fix the cause, then schedule a new post.",
    Status.UNPUBLISHED: "approve it, reconnect its account, or give it a new time.",
    Status.HELD: "what should still be published needs a new time.",
}
_FINE = (Status.PUBLISHED, Status.DUE)
_ORDER = (*(status for status in Status if status not in _FINE), *_FINE)
_LINK = re.compile(r"https?://[^\s<>\"'`|\\\x00-\x20]+")
_QUERY = re.compile(r"(://[^\s?]*?)/?\?\S*")


def text(results: Results, *, screen: Screen = PLAIN) -> str:
    page = _ResultsPage(results, screen)
    page.header()
    page.compared()
    page.troubles()
    page.published()
    return page.text()


def line(results: Results) -> str:
    """What became of the posts, in a few words."""
    return listing(counts(results.publications, dates_of(results))) or "nothing published"


class _ResultsPage(TerminalPage):
    def __init__(self, results: Results, screen: Screen) -> None:
        super().__init__(dates_of(results), screen, "")
        self.results = results
        # The year is named where it is another: days of two years have one column too.
        self.when = 2 + max([16, *(width(self.dates.both(one.at)) for one in results.publications)])
        self.columns = max([8, *(width(alias_of(one.account)) for one in results.publications)]) + 2

    def header(self) -> None:
        results = self.results
        self.heading(results.workspace.name, results.calendar, span_of(results), f"times: {self.dates.name}")
        self.say(verdict(self.results), 0)
        self.say(shortfall(self.results), 0)

    def compared(self) -> None:
        for line in comparison(self.results):
            self.say(line, 0)

    def troubles(self) -> None:
        for status, members in troubles(self.results):
            self.lines.append("")
            title = Span(
                section_title(status, members, self.dates), "alarm" if status in NOT_OUT else "strong"
            )
            self.phrase((title, Span(f": {FIXES[status]}" if status in FIXES else "")), 0)
            self.posts(members)

    def published(self) -> None:
        for name, members, fine in published(self.results):
            if name is not None:
                counted = group_counts(members, self.dates)
                self.lines += ["", self.paint(f"{name}: {counted}", "bold")]
                self.say(figures_line(totals(members).values()), 2, dim=True)
            for status, those in fine.items():
                if name is None:
                    self.lines += ["", self.paint(section_title(status, those, self.dates), "bold")]
                self.posts(those)

    def posts(self, members: Sequence[Publication]) -> None:
        for post in posts_of(members, self.dates):
            head = f"  {pad(self.dates.both(post[0].at), self.when)}"
            self.beside(head, width(head), (Span(title_of(post[0], 60)), Span(origin(post[0]), "dim")))
            for one in post:
                told = " ".join(filter(None, [outcome(one, self.dates), link_of(one)]))
                alias = f"    {pad(alias_of(one.account), self.columns)}"
                self.beside(alias, width(alias), (Span(told),))
                self.say(figures_line(one.figures), width(alias), dim=True)


# --- what every format shares -----------------------------------------------------------------------------------------


def dates_of(results: Results) -> Dates:
    return Dates.around(results.timezone, results.days.now)


def span_of(results: Results) -> str:
    """`Thu 19 Nov to Thu 26 Nov`."""
    dates, days = dates_of(results), results.days
    first, last = dates.day(days.since), dates.day(days.until - timedelta(microseconds=1))
    return first if first == last else f"{first} to {last}"


def verdict(results: Results) -> str:
    """The counts, as the first sentence of a page."""
    counted = listing(counts(results.publications, dates_of(results)))
    return sentence(counted or "nothing was planned or published on these days")


def counts(told: Iterable[Publication], dates: Dates) -> list[str]:
    """`1 post failed`, `3 published (on 2 accounts)`: as many as there are rows in the sections."""
    told = list(told)
    numbers = [(len(posts_of(members, dates)), WORDS[status]) for status, members in sections(told).items()]
    words = [f"{number:,} {word}" for number, word in numbers]
    if words:
        number, word = numbers[0]
        words[0] = f"{count(number, 'post')} {word}"
        words[-1] += on_accounts(len({one.account.id for one in told}))
    return words


def group_counts(members: Iterable[Publication], dates: Dates) -> str:
    """What a group lists, as many as there are rows below, and how many of its posts the sections above have."""
    listed: list[Publication] = []
    above: list[Publication] = []
    for status, those in sections(members).items():
        (listed if status in _FINE else above).extend(those)
    told = listing(counts(listed, dates)) if listed else "nothing published"
    return f"{told.removesuffix('.')}; above: {listing(counts(above, dates))}" if above else told


def section_title(status: Status, members: Iterable[Publication], dates: Dates) -> str:
    """`Published (3 posts)`, as many as there are rows below."""
    return f"{WORDS[status].capitalize()} ({count(len(posts_of(members, dates)), 'post')})"


def last_days(told: Iterable[Publication], dates: Dates) -> list[str]:
    """`5 posts published`, `1 failed`, `2 missed on hold`: as many as results lists."""
    told = list(told)
    out = _number(told, dates, Status.PUBLISHED, Status.TAKEN_DOWN)
    parts = [f"{count(out, 'post')} published" if out else "nothing published"]
    return parts + counted(
        told, dates, Status.FAILED, Status.NOT_FOUND, Status.UNPUBLISHED, Status.HELD, Status.DUE
    )


def counted(told: Iterable[Publication], dates: Dates, *statuses: Status) -> list[str]:
    """`2 not found`, for each of these statuses that a post has."""
    told = list(told)
    numbers = ((_number(told, dates, status), WORDS[status]) for status in statuses)
    return [f"{number:,} {word}" for number, word in numbers if number]


def _number(told: Iterable[Publication], dates: Dates, *statuses: Status) -> int:
    found = sections(told)
    return sum(len(posts_of(found.get(status, ()), dates)) for status in statuses)


def sections(told: Iterable[Publication]) -> dict[Status, list[Publication]]:
    """What needs someone first, then what was published, then what is due.

    What was taken down as planned was published, and stands below what still can be read.
    """
    found: dict[Status, list[Publication]] = {status: [] for status in _ORDER}
    for one in sorted(told, key=lambda one: one.status is Status.TAKEN_DOWN):
        planned = one.status is Status.TAKEN_DOWN and one.taken_down_by_plan
        found[Status.PUBLISHED if planned else one.status].append(one)
    return {status: members for status, members in found.items() if members}


def unpublished(results: Results) -> int:
    """How many posts were not published, as the sections show them."""
    found, dates = sections(results.publications), dates_of(results)
    return sum(len(posts_of(members, dates)) for status, members in found.items() if status in NOT_OUT)


def comparison(results: Results) -> list[str]:
    """What the period before had, and each figure of both with the number of posts that it rests on."""
    if (before := results.before) is None:
        return []
    dates = dates_of(before)
    lines = [f"Before, {span_of(before)}: {listing(counts(before.publications, dates)) or 'nothing.'}"]
    earlier = totals_with_posts(before, dates)
    for key, (figure, posts) in totals_with_posts(results, dates).items():
        then, those = earlier.get(key, (figure._replace(value=None), 0))
        told = f"{then.value:,} from {count(those, 'post')}" if then.value is not None else "no post has it"
        name, value = one_line(figure.name), figure.value or 0
        lines.append(f"{name} {value:,} from {count(posts, 'post')}; before: {told}.")
    return lines


def totals_with_posts(results: Results, dates: Dates) -> dict[str, tuple[Figure, int]]:
    """Each figure that adds up, by key, with the number of posts that have it."""
    return {
        key: (figure, len(posts_of((one for one in results.publications if has(one, key)), dates)))
        for key, figure in totals(results.publications).items()
    }


def has(one: Publication, key: str) -> bool:
    return any(figure.key == key and figure.value is not None for figure in one.figures)


def shortfall(results: Results) -> str:
    if not results.unlisted:
        return ""
    posts = count(results.unlisted, "post")
    return f"Publer counts {posts} more than it lists, so a post that is not found may be one of them. Run this again."


def troubles(results: Results) -> Iterator[tuple[Status, list[Publication]]]:
    for status, members in sections(results.publications).items():
        if status not in _FINE:
            yield status, members


def published(
    results: Results,
) -> Iterator[tuple[str | None, Sequence[Publication], dict[Status, list[Publication]]]]:
    """The requested groups, or one without a name: all members of each, and the sections of those without trouble."""
    groups: Sequence[tuple[str | None, Sequence[Publication]]] = [(None, results.publications)]
    if results.by:
        groups = [(group_name(results, name), members) for name, members in results.groups]
    for name, members in groups:
        yield name, members, {key: those for key, those in sections(members).items() if key in _FINE}


def group_name(results: Results, name: str) -> str:
    if not name:
        return "not from the store" if results.by == "use" else "no label"
    return code_of(name) if results.by == "network" else one_line(name)


def posts_of(members: Iterable[Publication], dates: Dates) -> list[Sequence[Publication]]:
    """The same post on several accounts together, in the order of the first of each.

    What follows the path of a URL may be added to it for each account.
    """
    posts: dict[tuple[object, ...], list[Publication]] = {}
    for one in members:
        time = one.planned or dates.day(one.at)
        text = _QUERY.sub(r"\1", one.text) if one.planned else one.text
        posts.setdefault((time, one.id, text, origin(one)), []).append(one)
    return [*posts.values()]


def title_of(one: Publication, columns: int) -> str:
    words = quoted(one.text, columns)
    return f"{cut(one_line(one.id), 40)}  {words}" if one.id else words


def origin(one: Publication) -> str:
    """Where a post comes from that was not planned here."""
    if one.planned is not None or one.live is None:
        return ""
    return "  posted on the network" if one.live.imported else "  made in Publer"


def outcome(one: Publication, dates: Dates) -> str:
    """What became of it on its account: the minute of what was published, a sentence for everything else."""
    live = one.live
    match one.status:
        case Status.PUBLISHED:
            return _published(one, dates)
        case Status.TAKEN_DOWN:
            gone = "hidden" if live and live.state == "published_hidden" else "taken down"
            planned = " as planned" if one.taken_down_by_plan else ""
            when = " ".join(filter(None, ("published", _published(one, dates))))
            return f"{when}, then {gone}{planned}."
        case Status.FAILED:
            said = one_line(live.error) if live and live.error else ""
            return f'Publer said: "{said}".' if said else "Publer does not say why."
        case Status.UNPUBLISHED if one.reason == MOVED and live and live.at:
            return sentence(f"{one.reason} to {dates.both(live.at)}")
        case _:
            return sentence(one.reason)


def _published(one: Publication, dates: Dates) -> str:
    """The minute, with its day where that is not the planned one."""
    at = one.published_at
    if at is None:
        return ""
    return dates.time(at) if dates.day(at) == dates.day(one.at) else dates.both(at)


def link_of(one: Publication) -> str:
    """Where the post can be read; "" for what is not an address."""
    link = one.live.post_link if one.live else ""
    return link if _LINK.fullmatch(link) else ""


def figures_line(figures: Iterable[Figure]) -> str:
    """`Reach 1,234 · Likes 56`, under the names that Publer gives them."""
    return " · ".join(
        f"{one_line(figure.name)} {figure.value:,}" for figure in figures if figure.value is not None
    )
