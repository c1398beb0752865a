"""What people call media and accounts: no digest and no id of Publer's is ever shown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publer_sync.networks.kinds import kind_of
from publer_sync.networks.table import NETWORKS
from publer_sync.render.layout.measure import NO_TEXT, cut
from publer_sync.values.model import UNASKED
from publer_sync.values.printable import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from publer_sync.planning.plan import Plan
    from publer_sync.render.layout.dates import Dates
    from publer_sync.values.model import Account, Post

LIBRARY = "one from Publer's library"
_NOUNS = {"photo": "picture", "gif": "GIF", "video": "video", "document": "document"}
_NOUNS_OF_TYPES = {**_NOUNS, "reel": "video", "short": "video"}
_TITLE = 90
_ID = re.compile(r"[0-9a-f]{24}")


def network_label(account: Account) -> str:
    """The network's name for people; "" for one that only Publer knows."""
    network = NETWORKS.get(account.provider)
    return network.label if network else ""


def own_name(account: Account) -> str:
    """The page's or person's name; the alias where the settings name the account by its id alone."""
    if account.alias and _ID.fullmatch(account.name):
        return one_line(account.alias)
    return one_line(account.name)


def whose(account: Account) -> str:
    """`LinkedIn · Nordlys AS`: the network, and whose account it is."""
    return " · ".join(filter(None, (network_label(account), own_name(account))))


def title_of(*choices: str) -> str:
    """What a post is called: the first of these that says something."""
    words = next(filter(str.strip, choices), NO_TEXT)
    return cut(" ".join(printable(words).split()), _TITLE)


def called(account: Account) -> str:
    """Its alias; the network and the name of one that is not in the settings."""
    return account.alias or whose(account)


def post_title(post: Post) -> str:
    """Its title, as a video or a document has one; else its words, its id, or the names of its media."""
    content, names = post.without_utm, Names(post)
    media = (names.medium(piece.reference) or "a file" for piece in content.media)
    return title_of(content.title, content.text, post.id or "", *map(file_name, media))


def with_owners(plan: Plan) -> Plan:
    """The plan, which calls each account by its network and its own name: for readers who know no aliases."""
    accounts = {change.account.id: whose(change.account) for change in plan.changes}
    return replace(plan, names={**plan.names, **accounts})


def file_name(address: str) -> str:
    """The last part of an address, with its host; any other name as it is."""
    host, last = host_of(address), address.split("?", maxsplit=1)[0].rstrip("/").rpartition("/")[2]
    return f"{last} ({host})" if host else address


def host_of(address: str) -> str:
    try:
        return one_line(urlsplit(address).netloc.rpartition("@")[2].removeprefix("www."))
    except ValueError:
        return ""


class Names:
    """The names known for one post: those of its own files, and `known`, the plan's, by digest or id.

    `dates` are those of the page, for times that a post names.
    """

    def __init__(
        self, post: Post | None, known: Mapping[str, str] | None = None, dates: Dates | None = None
    ) -> None:
        self.dates = dates
        files = {source.digest: source.path.name for source in (post.media if post else ()) if source.path}
        self._known = {**(known or {}), **files}
        self._type = post.content.type if post else ""
        network = NETWORKS.get(post.account.provider) if post else None
        self.shows_title = network is None or network.takes_title(self._type)
        """Whether the post is published with its title."""

    def medium(self, reference: str) -> str | None:
        """None for a file known only by its digest."""
        if reference in self._known:
            return one_line(self._known[reference])
        if reference.startswith(("https://", "http://")):
            return one_line(reference)
        return None if reference.startswith(("sha256:", "path:")) else LIBRARY

    def file(self, reference: str) -> str | None:
        """The name, where it tells this piece of media from others."""
        name = self.medium(reference)
        return None if name == LIBRARY else name

    def noun(self, reference: str) -> str:
        """`picture`, `video`, `GIF` or `document`."""
        name = self.file(reference)
        if name is not None:
            return _NOUNS[kind_of(name) or "photo"]
        return _NOUNS_OF_TYPES.get(self._type, "picture")

    def nouns(self, references: Iterable[str]) -> str:
        """One noun for several."""
        nouns = [self.noun(reference) for reference in references]
        return "media" if len(set(nouns)) > 1 else f"{nouns[0]}{'s' if len(nouns) > 1 else ''}"

    def accounts(self, ids: Iterable[str]) -> list[str]:
        """Without a key an account has its alias in place of an id."""
        return [
            one_line(
                self._known.get(account)
                or (account.removeprefix(UNASKED) if account.startswith(UNASKED) else "another account")
            )
            for account in ids
        ]
