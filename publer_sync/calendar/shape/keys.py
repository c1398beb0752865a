"""The keys of calendars: other names for them, where each belongs, examples, and which hold prose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.networks.table import NETWORKS, network_of
from publer_sync.starting.late_modules import late_module
from publer_sync.values.post_keys import POST_KEYS

if TYPE_CHECKING:
    import difflib
    from collections.abc import Sequence

    from publer_sync.calendar.shape import meant
else:
    difflib = late_module("difflib")
    meant = late_module("publer_sync.calendar.shape.meant")

VALUES: Final = frozenset(key.name for key in POST_KEYS.values() if key.is_value) | {
    "after", "duration", "every", "until", "times", "days", "file", "url", "thumbnail", "hide", "language",
    "prune", "edits", "state", "provider", "delete", "freeze_minutes", "except", "workspace", "extends",
}  # fmt: skip
"""Keys whose values are not prose: what looks like a comment after one is a comment."""
TAGLESS: Final = frozenset(["alt", "caption"])
"""Keys of pictures: hashtags below them belong to the text of the post."""
UNPUBLISHED: Final = frozenset(["note", "reason"])
"""Keys whose values are prose for colleagues; so are the reasons under `ignore`."""
ITEM_WORDS: Final = {key.name: key.item for key in POST_KEYS.values() if key.item}
"""What a word alone means as an item of these lists."""
OF_ONE_CALENDAR: Final = frozenset(["name", "workspace", "extends", "accounts", "media"])
"""Keys of the settings that calendars cannot share."""
SYNONYMS: Final = {
    **dict.fromkeys(("tags", "label"), "labels"),
    **dict.fromkeys(("date", "when", "datetime", "schedule", "scheduled_at", "publish_at"), "at"),
    **dict.fromkeys(("tz", "zone"), "timezone"),
    **dict.fromkeys(("account", "channels", "platforms"), "accounts"),
    **dict.fromkeys(("image", "images", "photo", "photos", "picture", "pictures"), "media"),
    **dict.fromkeys(("video", "videos", "attachments"), "media"),
    **dict.fromkeys(("url", "links"), "link"),
    **dict.fromkeys(("message", "caption", "content", "body"), "text"),
    **dict.fromkeys(("path", "src"), "file"),
    **dict.fromkeys(("footer", "suffix"), "append"),
    **dict.fromkeys(("comment", "first_comment"), "comments"),
    **dict.fromkeys(("platform", "network_name"), "provider"),
    "network": "networks",
    "status": "draft",
    "alt_text": "alt",
    "replies": "thread",
    "recurring": "repeat",
    "name": "id",
    "delay": "after",
    **dict.fromkeys(
        [
            "dato",
            "datum",
            "fecha",
            "data",
            "dag",
            "dato_tid",
            "tid",
            "tidspunkt",
            "tidspunkt",
            "zeit",
            "uhrzeit",
            "hora",
            "heure",
            "tijd",
            "orario",
            "når",
            "wann",
            "cuando",
            "日付",
            "日時",
            "日期",
            "날짜",
        ],
        "at",
    ),
    **dict.fromkeys(
        [
            "tekst",
            "texto",
            "texte",
            "testo",
            "innhold",
            "inhalt",
            "contenido",
            "contenu",
            "contenuto",
            "indhold",
            "本文",
            "テキスト",
            "文本",
            "텍스트",
        ],
        "text",
    ),
    **dict.fromkeys(
        [
            "bilde",
            "bilder",
            "bild",
            "billede",
            "billeder",
            "afbeelding",
            "imagen",
            "imágenes",
            "imagem",
            "immagine",
            "foto",
            "fotos",
            "medien",
            "medier",
            "画像",
            "图片",
            "이미지",
        ],
        "media",
    ),
    **dict.fromkeys(
        ["lenke", "lenker", "länk", "lien", "enlace", "koppeling", "ligação", "リンク", "链接", "링크"],
        "link",
    ),
    **dict.fromkeys(
        [
            "konto",
            "kontoer",
            "konti",
            "konten",
            "konton",
            "kanal",
            "kanaler",
            "kanäle",
            "cuenta",
            "cuentas",
            "compte",
            "comptes",
            "conta",
            "contas",
            "アカウント",
            "账号",
            "계정",
        ],
        "accounts",
    ),
    **dict.fromkeys(["tittel", "titel", "titre", "título", "titolo", "タイトル", "标题", "제목"], "title"),
    **dict.fromkeys(
        ["etikett", "etiketter", "etiketten", "etiquetas", "étiquettes", "etichette", "emneord"], "labels"
    ),
    **dict.fromkeys(["notat", "notiz", "nota", "anteckning", "note_intern"], "note"),
    **dict.fromkeys(
        [
            "kommentar",
            "kommentarer",
            "kommentare",
            "comentario",
            "comentarios",
            "commentaire",
            "commentaires",
        ],
        "comments",
    ),
    **dict.fromkeys(
        [
            "kladd",
            "kladde",
            "utkast",
            "udkast",
            "entwurf",
            "borrador",
            "brouillon",
            "bozza",
            "rascunho",
            "concept",
        ],
        "draft",
    ),
    **dict.fromkeys(
        ["gjenta", "gentag", "upprepa", "wiederholen", "wiederholung", "repetir", "répéter", "ripeti"],
        "repeat",
    ),
    **dict.fromkeys(["alttekst", "alternativtext", "alt_tekst"], "alt"),
}
"""Other words for a key, in the languages whose months are read too."""
_UNSENDABLE: Final = {
    **dict.fromkeys(("collaborators", "collaborator", "collabs", "collaborator_tags"), "collaborators"),
    **dict.fromkeys(("user_tags", "usertags", "tagged_users", "tag_people"), "tagged people"),
    **dict.fromkeys(("product_tags", "tagged_products"), "tagged products"),
    **dict.fromkeys(("link_in_bio", "bio_link"), "a link in bio"),
}
"""Keys for what Publer's app has, while no document of Publer and no public program shows how its API takes it (November 2026)."""
EXAMPLES: Final = {
    **{key.name: key.example for key in POST_KEYS.values()},
    "utm_hosts": "utm_hosts: [example.com]",
    "groups": "groups:\n  words: [facebook, x]",
    "dates": "dates:\n  launch: 2027-04-06",
    "posts": "posts:\n- at: 2027-03-02 09:00\n  text: |\n    Words",
}
"""For keys that need more lines than the example in their schema, or that are shown without the schema."""
OF_SETTINGS: Final = {
    "accounts": "accounts:\n  facebook: My Facebook Page",
    "media": "media: [../shared-media]",
    "hashtags": "hashtags:\n  core: [fjordlight, lamp]",
}
"""The same keys in the settings."""
_HOMES: Final = {
    **dict.fromkeys(("options", "question", "duration"), ("`poll`", "poll")),
    **dict.fromkeys(("every", "until", "times", "days", "except"), ("`repeat`", "repeat")),
    **dict.fromkeys(("alt", "file", "thumbnail"), ("an item of `media`", "media")),
    "call_to_action": ("`link`", "link"),
    "hide": ("`auto_delete`", "auto_delete"),
    "after": ("a comment, `share` or `auto_delete`", "comments"),
    "engagement": ("a comment, `share` or `auto_delete`", "comments"),
    "reach": ("a comment, `share` or `auto_delete`", "comments"),
    "utm_hosts": ("publer.yaml", "utm_hosts"),
}
"""Keys often written beside the key that should hold them: where they belong, in words, and the key of an example."""
OF_POSTS: Final = frozenset(key.name for key in POST_KEYS.values() if key.level == "post")
"""Keys of a whole post: they can't differ for one network or account."""


class Home(NamedTuple):
    """Whose key it is, where to move it, and an example."""

    owner: str
    way: str
    example: str


def home_of(key: str, data: Map, kind: str) -> Home | None:
    """Where a misplaced key of `data` belongs; `kind` is what `Wording` calls the map."""
    own = meant.line_of(key, data[key]) or f"{key}: …"
    if key == "timezone" and kind in ("post", "account", "network"):
        way = "above `posts`, for every post of the file; or give `at` an offset"
        return Home("files and settings", way, "at: 2027-03-02 09:00-05:00")
    if key == "dates" and kind in ("post", "account", "network"):
        return Home("files and settings", "above `posts`, or into publer.yaml", EXAMPLES["dates"])
    if kind in ("account", "network"):
        return Home("the post itself", "to the post", own) if key in OF_POSTS else None
    if kind not in ("post", "markdown", "defaults", "settings"):
        return None
    if key == "time" and kind == "post":
        return Home("files and settings", "into `at`", "at: 2027-03-02 18:00")
    if key in _HOMES:
        home, holder = _HOMES[key]
        return Home(home, f"into {home}", EXAMPLES[holder])
    names = data.get("accounts")
    here = {network_of(str(word)) for word in (names if isinstance(names, Seq) else [names])}
    owners = [network for network in NETWORKS.values() if network.field(key)]
    if not owners:
        return None
    shown = next((network for network in owners if network.key in here), owners[0])
    return Home(owners_of(key), "under `networks`", f"networks:\n  {shown.code}:\n    {own}")


def owners_of(key: str) -> str:
    """The networks that have such a key, in words."""
    labels = [network.label for network in NETWORKS.values() if network.field(key)]
    return f"{', '.join(labels[:-1])} and {labels[-1]}" if len(labels) > 1 else "".join(labels)


def unsendable(key: str) -> tuple[str, str] | None:
    """Why a key is refused that Publer's app would have, and what to do."""
    if (what := _UNSENDABLE.get(key.lower())) is None:
        return None
    message = f"`{key}` can't be sent: nothing that Publer has published shows how its API takes {what}"
    return (
        message,
        "Remove it, and add it in Publer once the post is there; a post that is replaced later needs it again",
    )


def nearest(key: str, known: Sequence[str]) -> str | None:
    """The known key that is likely meant: a synonym, or one of similar spelling."""
    if (synonym := SYNONYMS.get(key.lower())) in known:
        return synonym
    near = difflib.get_close_matches(key.lower()[:60], known, 1, 0.6)
    return near[0] if near else None


def alike(word: str, other: str) -> bool:
    """Whether a word is so close to another that it can only be a typo."""
    return difflib.SequenceMatcher(None, word.lower(), other.lower()).ratio() >= 0.8
