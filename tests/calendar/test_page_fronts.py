"""What the front matter of each page of a website brings: its posts, or what is wrong and how to fix it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from publer_sync.calendar.load import read
from tests.calendar.test_pages import SETTINGS
from tests.stored import agrees

POST = "{at: 2027-04-07 09:00, text: Hi}"
COUNTS = "{at: date + 1d 09:00, text: Hi}"


def yaml(front: str, *posts: str, key: str = "social") -> str:
    return f"---\n{front}\n{key}:\n" + "".join(f"- {post}\n" for post in posts) + "---\nWords\n"


PAGES = {
    "blog/titel.md": yaml("title: A", "{at: 2027-04-07 09:00, text: 'Meet {titel}'}"),
    "blog/other.md": yaml("title: A", "{at: 2027-04-07 09:00, text: 'Meet {qqqq}'}"),
    "blog/brace.md": yaml("title: A", "{at: 2027-04-07 09:00, text: 'Meet {{title}} {title}'}"),
    "blog/draft.md": yaml("draft: true", POST),
    "blog/hidden.md": yaml("published: false", POST),
    "blog/_drafts/a.md": yaml("title: A", POST),
    "blog/open.md": yaml("draft: false\npublished: true", POST),
    "blog/soon.md": yaml("date: soon", COUNTS),
    "blog/slashes.md": yaml("date: 6/4/2027", COUNTS),
    "blog/inside.md": yaml(
        "date: soon", "{at: 2027-04-07, text: Hi, networks: {linkedin: {at: date 09:00}}}"
    ),
    "blog/embargo.md": yaml("date: soon", "{at: 2027-04-07 09:00, text: Hi, not_before: date}"),
    "blog/own.md": yaml("date: soon\nslug: /own-slug/", POST),
    "blog/fair.md": yaml("date: soon", POST.replace("2027-04-07", "fair - 1d")),
    "blog/year.md": yaml("date: 2027/04/08", COUNTS),
    "blog/2027-04-08-file.md": yaml("date: [a]", COUNTS),
    "blog/outside.md": yaml("image: ../../../../x.png", POST),
    "blog/plain.md": "Words\n",
    "blog/twice.md": yaml("title: A\ntitle: B", POST),
    "blog/hash.md": yaml("title: A #b", "at: 2027-04-07 09:00\n  text: Words #lamp"),
    "blog/odd.md": yaml("title: A", "only words", POST),
    "blog/words.md": "---\nsocials: [a, b]\n---\n",
    "blog/maps.md": yaml("title: A", "{name: A}", key="socials"),
    "blog/lamps/_index.md": yaml("title: A", POST),
    "blog/beside/index.md": yaml("image: ' lamp.png '", POST),
    "blog/cdn.md": yaml("image: https://cdn.example/a.png", POST),
    "blog/host.md": yaml("image: //cdn.example/a.png", POST),
    "blog/blank.md": yaml("image: ' '", POST),
    "blog/gone.md": yaml("image: gone.png", POST),
    "blog/site.md": yaml("image: /img/a.png", POST),
    "blog/linked.md": yaml("image: /img/a.png", "{at: 2027-04-07 09:00, text: Hi, link: https://o.example}"),
    "blog/map.md": f"---\nsocial: {POST}\n---\n",
    "blog/two.md": yaml(
        "title: A", POST, "{id: b, at: 2027-04-08 09:00, text: Ho}", POST.replace("07", "09")
    ),
    "blog/toml.md": "+++\ntitle = 'A'\n" + "[[social]]\nat = '2027-04-07 09:00'\ntext = 'Hi'\n" * 2 + "+++\n",
    "blog/near.md": yaml("title: A", POST, key="socials"),
    "blog/alone.md": f"---\nSocial: {POST}\n---\n",
    "blog/far.md": yaml("title: A", POST, key="posts"),
    "blog/nothing.md": f"---\nsocials: [{POST}]\nsocial:\n---\n",
    "blog/新作.md": yaml("title: A", POST),
    "blog/open-quote.md": yaml("title: 'A", POST),
    "blog/no-posts.md": "---\ntitle: 'A\n---\n",
    "blog/map-words.md": yaml("title: A", "at: 2027-04-07 09:00\n  text: {title} is here"),
    "blog/nested.md": yaml(
        "title: A", "{at: 2027-04-07 09:00, text: Hi, comments: [{text: 'of {slug}'}], labels: ['{title}']}"
    ),
    "blog/pictured.md": yaml(
        "title: A", "{at: 2027-04-07 09:00, text: Hi, media: [{url: 'https://e.com/a.png', alt: '{title}'}]}"
    ),
    "blog/asked.md": yaml(
        "title: A",
        "{at: 2027-04-07 09:00, text: Hi, poll: {options: ['{title}?', 'Or {slug}?'], duration: 1d}}",
    ),
    "blog/deleted.md": yaml("title: A", POST),
    "blog/lost.md": yaml("title: A", "{id, at: 2027-04-07 09:00, text: Hi}"),
    "blog/lost-live.md": yaml("title: A", "{when_live, at: 2027-04-07 09:00, text: Hi}"),
    "blog/undated.md": yaml("date: soon", "{at: [a], text: Hi}", "{at: 25:00, text: Hi}"),
    "blog/!!!.md": yaml("title: A", POST),
    "blog/https:/cdn.example/a.md": yaml("image: a.png", POST),
    "blog/many.md": "---\na: &a [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n"
    + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
        for old, new in ("ab", "bc", "cd", "de", "ef", "fg")
    )
    + f"social: [{POST}]\n---\n",
    "blog/x.md": yaml("image: beside/lamp.png", POST.replace("text", "accounts: [x, facebook, shop], text")),
    "blog/live.md": yaml("title: A", "{at: 2027-04-07 09:00, text: Hi, when_live: false}"),
    "site/hugo.toml": "",
    "site/content/b.md": yaml("image: /img/a.png", POST),
    "site/content/h.md": yaml("image: //img/a.png", POST),
    "site/content/c.md": yaml("image: /img/b.png", POST),
    "site/content/xd.md": yaml("title: A", POST),
    "site/content/words.txt": yaml("title: A", POST),
    "site/e.md": yaml("title: A", POST),
    "deep/in/a.md": yaml("title: A", POST),
    "top.md": yaml("title: A", POST),
    "news/a.md": yaml("section: Ä b\nday: 2027-04-06", COUNTS, key="announce"),
    "news/b.md": yaml("day: 2027-04-06", COUNTS, key="announce"),
}
NEWS_AND_SITE = (
    "{files: ../news/*.md, url: 'https://e.com/{section}/{slug}/', key: announce, date_key: day}, "
    "{files: '../site/*/[!x]*', url: 'https://s.example/{slug}'}, "
    "{files: ../../other/*.md, url: 'https://o.example/{slug}'}, "
    "{files: /*.md, url: 'https://o.example/{slug}'}, "
    "{files: ../blog/*/../../../other/*.md, url: 'https://o.example/{slug}'}, "
    "{files: ../deep/**, url: 'https://d.example/{slug}'}, "
    "{files: '../t*.md', url: 'https://t.example/{slug}'}"
)


def test_each_page_brings_its_posts_or_is_told_what_is_wrong(tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    settings = SETTINGS.replace("linkedin: Us", "linkedin: Us, x: Me, facebook: Page, shop: Shop")
    (top / "publer.yaml").write_text(settings.replace("'}]", f"'}}, {NEWS_AND_SITE}]"), encoding="utf-8")
    pictures = ("blog/beside/lamp.png", "site/static/img/a.png", "blog/https:/cdn.example/a.png")
    for name, text in {**PAGES, **dict.fromkeys(pictures, "\x89PNG")}.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "blog" / "within.md").symlink_to("../site/content/b.md")
    (tmp_path / "blog" / "away.md").symlink_to(tmp_path.parent / "away.md")
    for words in (("init", "-q", "--template="), ("add", "-A")):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    (tmp_path / "blog" / "deleted.md").unlink()
    (tmp_path / "blog" / "new.md").write_text(PAGES["blog/open-quote.md"], encoding="utf-8")
    (tmp_path / "tnew.md").write_text(PAGES["top.md"], encoding="utf-8")
    calendar = read(top)
    linked = ("blog/within.md", "blog/away.md")
    found: dict[str, list[str]] = {f"../{name}": [] for name in (*PAGES, *linked)}
    for post in calendar.desired.posts:
        content = post.content
        link, shown = content.link, [source.path.name for source in post.media if source.path is not None]
        texts = [post.text, *(each.text for each in content.comments), *(each.alt for each in content.media)]
        texts += content.poll.options if content.poll else ()
        account = post.account.alias if post.account.alias != "linkedin" else ""
        parts = [
            f"{post.at:%m-%d} {post.id} {account}".strip(),
            content.url or "no link",
            *content.labels,
            *texts,
            *shown,
        ]
        parts += ["with a picture"] if link and link.image else []
        parts += [] if post.when_live == content.url else [f"once there is {post.when_live or 'nothing'}"]
        found[post.location.file].append(", ".join(parts))
    for each in calendar.problems:
        if each.location is not None and each.code.startswith(("page.", "yaml.")):
            told = f"line {each.location.line}: {each.message}\n  {each.help}".replace("\n", "\n  ")
            told = told.replace(os.path.relpath(tmp_path), "..")
            found.setdefault(each.location.file, []).append(f"{each.severity} {each.code}, {told}")
    lines = [f"{name}: {line}" for name, each in found.items() for line in each or ["nothing"]]
    agrees(Path(__file__).parent / "stored" / "pages" / "fronts.txt", "\n".join([*lines, ""]))
