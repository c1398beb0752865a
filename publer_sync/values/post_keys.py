"""The keys of a post, one row each: what its value is, who sees it, where it is sent, and how it is shown.

Code that depends on which key it has asks here, or has a function with the key's name: no other module keeps a list of keys.
docs/architecture.md says what a new key needs beside its row.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

KeyForm = Literal[
    "prose", "ending", "name", "word", "words", "type", "number", "switch", "time", "clock", "zone", "page",
    "labels", "sets", "files", "parts", "versions", "link", "map", "accounts",
]  # fmt: skip
KeyLevel = Literal["any", "post", "entry", "file"]
Reach = Literal["words", "effect", "team"]

_VALUES: Final = frozenset(
    ("name", "word", "type", "number", "switch", "time", "clock", "zone", "page", "accounts")
)
_TEXTS: Final = frozenset(("prose", "ending", "labels", "parts"))
_MERGED: Final = frozenset(("map", "link", "ending"))
_ITEMS: Final = {"accounts": "account", "files": "file", "parts": "text"}
_INNER: Final = {"link": "url", "ending": "all"}


class PostKey(NamedTuple):
    """A key that a post can have. `called` is what people call it, where that is not its name."""

    name: str
    form: KeyForm
    level: KeyLevel = "any"
    """Where it may differ: on `any` network or account; only for the whole `post`; only in an `entry` of `accounts`; or only for a whole `file`."""
    layered: bool = True
    """Whether the layers of a post are merged for it, from the settings to the account."""
    anywhere: bool = False
    """Whether settings and files accept it outside of `defaults`, too."""
    instead: str = ""
    """For a key that is not part of a post in Publer: what it is instead."""
    joins: Literal["", "text", "labels"] = ""
    """The key whose value it becomes a part of: it is sent, compared and found as that."""
    sent: str = ""
    """Where its value goes as it is, in an item of what is sent; "" if `publer.payload` has a way of its own."""
    reach: Reach = "words"
    """What reaches the public: its `words`, only its `effect`, or nothing, since it is for the `team`."""
    needs: tuple[str, str] | None = None
    """The one key that its map can't be without, with an example."""
    example: str = ""
    """One that needs more lines than that of the schema, or is shown without it."""
    placed: bool = False
    """Whether a new one goes below those that come before it here; any other goes below all keys."""
    icon: str = ""
    """On pages of Markdown."""
    own_place: bool = False
    """Whether a card of `preview` has a place for it; others are among its facts."""
    called: str = ""
    changed: str = ""
    """What people call it where it has changed."""
    one: tuple[str, int] | None = None
    """What people call one of its parts, and the number of the first."""

    @property
    def is_content(self) -> bool:
        """Whether it is a field of `Content`."""
        return not (self.instead or self.joins)

    @property
    def is_value(self) -> bool:
        """Whether its value is not prose: what looks like a comment after it is a comment."""
        return self.form in _VALUES

    @property
    def has_texts(self) -> bool:
        return self.form in _TEXTS

    @property
    def is_merged(self) -> bool:
        """Whether its maps are merged key by key; anything else in place of the map replaces it."""
        return self.form in _MERGED

    @property
    def adds_up(self) -> bool:
        """Whether what nearer layers say is added to what those further out say."""
        return self.form == "labels"

    @property
    def has_media(self) -> bool:
        return self.form in ("files", "parts")

    @property
    def inner(self) -> str:
        """The key of its map that a text in place of the map stands for."""
        return _INNER.get(self.form, "")

    @property
    def item(self) -> str:
        """The key that a word alone means as an item of its list."""
        return _ITEMS.get(self.form, "")


_ROWS: Final = (
    PostKey("id", "name", "post", layered=False, placed=True, instead="the post's name here: Publer has no place for it"),
    PostKey("at", "time", layered=False, placed=True, instead="`scheduled_at`: the minute for which it is sent"),
    PostKey("not_before", "time", instead="checked here, never sent"),
    PostKey(
        "account", "word", "entry", layered=False, placed=True, instead="which account the keys beside it are for"
    ),
    PostKey(
        "accounts", "accounts", "post", layered=False, placed=True, instead="which accounts it goes to",
        example="accounts: [facebook, x]",
    ),
    PostKey("text", "prose", placed=True, own_place=True, changed="words", example="text: |\n  Words"),
    PostKey("title", "prose", placed=True, own_place=True),
    PostKey("type", "type", reach="effect", placed=True, own_place=True, changed="kind of post"),
    PostKey(
        "link", "link", placed=True, own_place=True, icon="🔗",
        needs=("url", "link:\n  url: https://example.com/launch"),
        example="link:\n  url: https://example.com/launch",
    ),
    PostKey(
        "media", "files", placed=True, own_place=True, icon="🖼️",
        example="media:\n- file: media/launch.png\n  alt: What it shows",
    ),
    PostKey(
        "poll", "map", placed=True, own_place=True, icon="📊",
        needs=("options", "poll:\n  options:\n  - Yes\n  - Not yet"),
        example="poll:\n  options:\n  - Yes\n  - Not yet\n  duration: 3d",
    ),
    PostKey(
        "thread", "parts", own_place=True, icon="🧵", one=("part", 2),
        example="thread:\n- text: |\n    The second part",
    ),
    PostKey(
        "comments", "parts", own_place=True, icon="💬", one=("comment", 1),
        example="comments:\n- text: |\n    Words\n  after: 10m",
    ),
    PostKey(
        "share", "map", icon="🔁", changed="sharing",
        needs=("accounts", "share:\n  accounts: facebook\n  after: 1h"),
    ),
    PostKey(
        "auto_delete", "map", reach="effect", called="auto-delete",
        needs=("after", "auto_delete:\n  after: 2w"), example="auto_delete:\n  after: 2w",
    ),
    PostKey(
        "labels", "labels", sent="account.labels", reach="team", placed=True, own_place=True, icon="🏷️",
        example="labels: [launch]",
    ),
    PostKey("append", "ending", anywhere=True, joins="text"),
    PostKey("hashtags", "sets", anywhere=True, joins="text", example="hashtags: [core]"),
    PostKey("utm", "map", anywhere=True, joins="text"),
    PostKey("draft", "switch", reach="team", placed=True, own_place=True),
    PostKey("when_live", "page", instead="decides when apply creates it, never sent"),
    PostKey(
        "ignore", "map", anywhere=True, instead="silences a rule here",
        example="ignore:\n  media.no-alt: a plain background",
    ),
    PostKey("note", "prose", "post", reach="team", instead="for the team alone: shown, never sent"),
    PostKey(
        "repeat", "map", "post", layered=False, instead="becomes single posts, each with a time of its own",
        example="repeat:\n  every: week\n  until: 2027-05-27",
    ),
    PostKey(
        "evergreen", "map", "post", layered=False,
        instead="how often a post in store may be used; it is never sent itself",
        example="evergreen:\n  every: 8w\n  until: 2027-12-31",
    ),
    PostKey(
        "variants", "versions", "post", layered=False, instead="holds keys of a stored post",
        example="variants:\n- text: |\n    The same tip in other words",
    ),
    PostKey("use", "word", "post", layered=False, instead="becomes the keys of the stored post"),
    PostKey(
        "variant", "number", "post", layered=False, instead="which version of the stored post it becomes"
    ),
    PostKey(
        "networks", "map", "post", layered=False, instead="holds keys of a post",
        example="networks:\n  x:\n    text: |\n      Words for X",
    ),
    PostKey("timezone", "zone", "file", layered=False, instead="decides what `at` means"),
    PostKey("time", "clock", "file", layered=False, instead="decides what `at` means"),
    PostKey("dates", "map", "file", layered=False, instead="what `at` counts from"),
)  # fmt: skip
POST_KEYS: Final = {key.name: key for key in _ROWS}
"""Each by its name, in the order in which files have them."""
CONTENT: Final = tuple(key for key in _ROWS if key.is_content)
"""Those that are fields of `Content`."""
LABELS: Final = ("labels", *(key.name for key in _ROWS if key.joins == "labels"))
"""Those whose values are labels in Publer."""
PROSE: Final = frozenset(key.name for key in _ROWS if key.form == "prose") | {
    "alt", "caption", "question", "description", "excerpt", "spoiler_text",
}  # fmt: skip
"""Those whose values people write over several lines, and such keys inside of others and of single networks."""
PUBLIC: Final = tuple(key.name for key in CONTENT if key.reach == "words")
"""Those whose words the public reads, on every network."""
