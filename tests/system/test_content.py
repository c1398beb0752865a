"""What posts can hold, through the front door: from the calendar's files over the command line to Publer and back."""

from __future__ import annotations

import json
import re
import time
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from publer_sync.ledger.folder_store import parts_in
from publer_sync.networks.table import NETWORKS
from publer_sync.sandbox import Seed, SeedAccount
from tests.conftest import ROOT
from tests.system.worlds import DAY, NEVER, T

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.conftest import Cli, MakeSandbox

pytestmark = [pytest.mark.story, pytest.mark.usefixtures("every_kind_seen")]

ALIASES = {"x" if key == "twitter" else key: key for key in NETWORKS}
SETTINGS = "timezone: Europe/Oslo\naccounts:\n" + "".join(
    f"  {alias}: {{name: Fjordlight, provider: {key}}}\n" for alias, key in ALIASES.items()
)
SEED = Seed(
    accounts=tuple(SeedAccount(f"acc{number:021x}", key, "Fjordlight") for number, key in enumerate(NETWORKS))
)
ADDRESS = "https://example.com/lamp.png"
MOVIE = "https://example.com/lamp.mp4"
EVENT = """\
event on google
type: event
title: An event
text: Come
networks:
  google:
    start: {day}T09:00:00+01:00
    end: {day}T17:00:00+01:00""".replace("{day}", f"{T:%Y-%m-%d}")


class Applied(NamedTuple):
    code: int
    results: list[dict[str, Any]]

    @property
    def outcomes(self) -> dict[str, str]:
        return {each["id"]: each["outcome"] for each in self.results}

    def message(self, name: str) -> str:
        return next(f"{each['message']}" for each in self.results if each["id"] == name)


class Desk:
    """One calendar with an account on each network, and the service it is applied to."""

    def __init__(self, top: Path, sandbox: Sandbox, cli: Cli) -> None:
        self.top, self.sandbox, self._cli = top, sandbox, cli
        top.mkdir()
        (top / "media").mkdir()
        for name in ("workshop.png", "table.png", "repair.mp4", "care-guide.pdf"):
            (top / "media" / name).write_bytes((ROOT / "examples" / "calendar" / "media" / name).read_bytes())
        self.settings(SETTINGS)

    def settings(self, text: str) -> None:
        (self.top / "publer.yaml").write_text(text, encoding="utf-8")

    def write(self, *posts: str) -> None:
        """Posts as their own keys, the first line what makes each: `id on alias`. A day each."""
        lines = ["posts:"]
        for day, post in enumerate(posts, 1):
            head, *keys = post.strip("\n").splitlines()
            name, _, alias = head.strip().partition(" on ")
            lines += [f"- id: {name}", f"  at: {T + day * DAY:%Y-%m-%d %H:%M}", f"  accounts: {alias}"]
            lines += [f"  {key}" for key in keys]
        (self.top / "posts.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, *args: str) -> tuple[int, str]:
        env = {"PUBLER_BASE_URL": self.sandbox.url, "PUBLER_API_KEY": self.sandbox.key}
        ran = self._cli(*args, cwd=self.top, env=env)
        assert "Traceback" not in ran.stderr, ran.stderr
        return ran.code, ran.stdout

    def problems(self) -> list[str]:
        _, stdout = self.run("validate", ".", "--format", "json")
        return [
            f"{each['line']}: {each['code']}: {each['message']}" for each in json.loads(stdout)["problems"]
        ]

    def apply(self, *flags: str) -> Applied:
        code, stdout = self.run("apply", ".", "--yes", "--format", "json", *flags)
        document = json.loads(stdout)
        assert "results" in document, document
        return Applied(code, document["results"])

    def plan(self) -> list[tuple[str, str]]:
        code, stdout = self.run("plan", ".", "--format", "json")
        assert code == 0, stdout
        return [(change["action"], change["id"]) for change in json.loads(stdout)["changes"]]

    def sent(self, name: str) -> dict[str, Any]:
        """The network's part of the post that stands in the service under these words."""
        found = [post for post in self.sandbox.posts() if post["text"] == name]
        assert len(found) == 1, found
        network: dict[str, Any] = found[0]["sent"]["network"]
        return network

    def asked(self, method: str, path: str) -> list[Any]:
        """The bodies of these requests."""
        return [
            request.body
            for request in self.sandbox.requests
            if request.method == method and re.fullmatch(path, request.path)
        ]


@pytest.fixture
def desk(tmp_path: Path, make_sandbox: MakeSandbox, cli: Cli) -> Desk:
    return Desk(tmp_path / "social", make_sandbox(SEED), cli)


# --- media ----------------------------------------------------------------------------------------------------------


def test_an_address_is_fetched_once_and_shown_by_its_id(desk: Desk) -> None:
    picture = f"text: {{}}\nmedia:\n- url: {ADDRESS}\n  alt: A lamp"
    desk.write(
        *(f"{name} on {name}\n{picture.format(name)}" for name in ("facebook", "bluesky")),
        f"film on x\ntext: film\nmedia:\n- url: {MOVIE}",
    )
    assert desk.apply().outcomes == dict.fromkeys(("facebook", "bluesky", "film"), "applied")
    assert [body["media"][0]["url"] for body in desk.asked("POST", "/media/from-url")] == [ADDRESS, MOVIE]
    [shown] = desk.sent("facebook")["media"]
    assert re.fullmatch(r"[0-9a-f]{24}", shown["id"])
    assert (shown["type"], shown["alt_text"]) == ("photo", "A lamp")
    assert desk.sent("bluesky")["media"] == [shown]
    assert desk.sent("film")["media"][0]["type"] == "video"
    assert desk.plan() == []


def test_media_stand_wherever_a_post_can_show_them(desk: Desk) -> None:
    desk.write(
        f"cover on youtube\ntitle: T\ntext: cover\nmedia:\n- file: media/repair.mp4\n  thumbnail: {ADDRESS}",
        f"comment on facebook\ntext: comment\ncomments:\n- text: more\n  media:\n  - url: {ADDRESS}",
        "thread on x\ntext: thread\nthread:\n- text: more\n  media:\n  - file: media/table.png\n    alt: A table",
        f"article on wordpress\ntitle: T\ntext: article\nmedia:\n- url: {ADDRESS}\n  alt: A lamp",
        "card on linkedin\ntext: card\nlink:\n  url: https://example.com\n  image: media/table.png",
    )
    done = desk.apply()
    assert set(done.outcomes.values()) == {"applied"}, done.results
    assert len(desk.asked("POST", "/media/from-url")) == 1
    cover = desk.sent("cover")["media"][0]
    assert cover["thumbnails"][cover["default_thumbnail"]]["real"] == ADDRESS
    assert desk.sent("article")["featured_media"] == {"path": ADDRESS}
    [image] = desk.sent("card")["link"]["images"]
    assert image.startswith("https://")
    accounts = {post["text"]: post["sent"]["account"] for post in desk.sandbox.posts()}
    assert accounts["comment"]["comments"][0]["media"]["path"] == ADDRESS
    assert accounts["thread"]["comments"][0]["media"]["path"] == image
    assert desk.plan() == []


def test_a_file_that_is_needed_by_its_path_later_is_sent_again_for_it(desk: Desk) -> None:
    picture = "file: media/table.png"
    first = f"first on facebook\ntext: first\nmedia:\n- {picture}\n  alt: A table"
    later = f"later on facebook\ntext: later\ncomments:\n- text: more\n  media:\n  - {picture}"
    desk.write(first)
    assert desk.apply().code == 0
    assert len(desk.asked("POST", "/media")) == 1
    desk.write(first, later)
    assert desk.apply().code == 0
    assert len(desk.asked("POST", "/media")) == 2
    desk.write(first, later, later.replace("later", "last"))
    assert desk.apply().code == 0
    assert len(desk.asked("POST", "/media")) == 2


def test_a_picture_that_was_deleted_from_the_library_is_uploaded_again(desk: Desk) -> None:
    picture, clip = "file: media/table.png", f"url: {ADDRESS}"
    first = f"first on facebook\ntext: first\nmedia:\n- {picture}\n  alt: A table\n- {clip}\n  alt: A lamp"
    desk.write(first)
    assert desk.apply().code == 0
    gone = desk.sent("first")["media"][0]["id"]
    desk.sandbox.remove_media(gone)
    desk.write(first, first.replace("first", "second"), first.replace("first", "third"))
    assert desk.apply().code == 0
    assert [len(desk.asked("POST", path)) for path in ("/media", "/media/from-url")] == [2, 1]
    assert len(desk.asked("GET", "/media")) == 2, "asked until a page brings nothing new"
    assert gone not in {media["id"] for name in ("second", "third") for media in desk.sent(name)["media"]}


def test_without_the_scope_for_media_what_was_uploaded_before_is_taken_to_be_there(desk: Desk) -> None:
    first = "first on facebook\ntext: first\nmedia:\n- file: media/table.png\n  alt: A table"
    desk.write(first)
    assert desk.apply().code == 0
    desk.sandbox.faults.scopes -= {"media"}
    desk.write(first, first.replace("first", "second"))
    assert desk.apply().code == 0
    assert len(desk.asked("POST", "/media")) == 1


def test_an_id_that_the_key_could_not_look_up_is_looked_up_the_next_time(desk: Desk) -> None:
    known = desk.sandbox.add_media("shelf.png")
    desk.sandbox.faults.scopes -= {"media"}
    desk.write(
        f"comment on facebook\ntext: comment\ncomments:\n- text: more\n  media:\n  - id: {known}",
        f"post on x\ntext: post\nmedia:\n- id: {known}\n  alt: A shelf",
    )
    assert desk.apply().outcomes == {"comment": "failed", "post": "applied"}
    desk.sandbox.faults.scopes |= {"media"}
    assert desk.apply().outcomes == {"comment": "applied"}


@pytest.mark.parametrize("more", ["", "type: event\nignore:\n  google.event: agreed\n"])
def test_a_time_that_cannot_be_read_stops_before_anything_is_sent(desk: Desk, more: str) -> None:
    desk.write(
        f"bad on google\ntext: a\n{more}networks:\n  google:\n    start: soon", "good on x\ntext: good"
    )
    assert any("field.time" in problem for problem in desk.problems())
    code, _ = desk.run("apply", ".", "--yes", "--format", "json")
    assert code == 3
    assert not desk.asked("POST", "/posts/schedule")


def test_a_link_post_without_its_link_is_never_sent(desk: Desk) -> None:
    """Publer makes its card of the link object alone."""
    desk.write("card on facebook\ntype: link\ntext: See https://example.com/lamp")
    assert any("type.none" in problem for problem in desk.problems())
    code, _ = desk.run("apply", ".", "--yes", "--format", "json")
    assert (code, desk.asked("POST", "/posts/schedule")) == (3, [])
    desk.write("card on facebook\ntype: link\ntext: card\nlink: https://example.com/lamp")
    assert desk.apply().outcomes == {"card": "applied"}
    assert desk.sent("card")["link"] == {"url": "https://example.com/lamp"}


def test_a_text_that_fits_bluesky_once_its_links_are_shortened_is_sent(desk: Desk) -> None:
    words = f"{'a' * 240} https://www.example.com/a-rather-long-path/of-some-page?utm_source=bluesky"
    desk.write(f"long on bluesky\ntext: {words}")
    [problem] = desk.problems()
    assert problem.startswith("5: bluesky.text.length.soft: 315 of 300 characters")
    assert desk.apply().outcomes == {"long": "applied"}


def test_a_word_document_is_warned_of_before_publer_refuses_it(desk: Desk) -> None:
    (desk.top / "media" / "prices.docx").write_bytes(b"PK\x03\x04" + bytes(60))
    desk.write("prices on linkedin\ntitle: T\ntext: prices\nmedia:\n- file: media/prices.docx")
    [problem] = desk.problems()
    assert problem.startswith("8: media.office: prices.docx is not a PDF")
    assert desk.apply().outcomes == {"prices": "failed"}


def test_an_old_post_stays_where_the_new_one_cannot_be_sent(desk: Desk) -> None:
    """Both need one minute, so the old one would have to go first."""
    desk.write("article on wordpress\ntitle: T\ntext: Words")
    assert desk.apply().code == 0
    desk.write("article on wordpress\ntitle: T\ntext: Words\nmedia:\n- id: 63c675e94e299e9cf2b667ec")
    done = desk.apply()
    assert done.outcomes == {"article": "failed"}
    assert not desk.asked("DELETE", "/posts.*")
    assert len(desk.sandbox.posts()) == 1


@pytest.mark.parametrize("shape", ["list", "media", "single", "indexed"])
def test_publers_own_words_on_a_failed_import_are_shown(desk: Desk, shape: Any) -> None:
    desk.sandbox.faults.media_payload = shape
    desk.sandbox.faults.media_error = "Videos need to be smaller than 2 gb"
    desk.write(f"film on x\ntext: film\nmedia:\n- url: {MOVIE}")
    told = desk.apply().results
    assert [each["publer_said"] for each in told] == ["Videos need to be smaller than 2 gb"]


def test_an_import_that_was_refused_keeps_no_other_from_being_asked_for(desk: Desk) -> None:
    desk.sandbox.faults.trip("error_before", "POST", "/media/from-url", status=422)
    desk.write(
        f"first on facebook\ntext: first\nmedia:\n- url: {ADDRESS}\n  alt: A lamp",
        f"second on facebook\ntext: second\nmedia:\n- url: {MOVIE}",
    )
    assert desk.apply().outcomes == {"first": "failed", "second": "applied"}


def test_where_an_import_may_have_begun_no_other_is_asked_for(desk: Desk) -> None:
    desk.sandbox.faults.trip("drop_after", "POST", "/media/from-url")
    desk.write(
        f"first on facebook\ntext: first\nmedia:\n- url: {ADDRESS}\n  alt: A lamp",
        f"second on facebook\ntext: second\nmedia:\n- url: {MOVIE}",
    )
    done = desk.apply()
    assert done.outcomes == {"first": "failed", "second": "failed"}
    assert f"may still fetch {ADDRESS}" in done.message("second")
    assert desk.apply().outcomes == {"first": "applied", "second": "applied"}


def test_a_title_that_is_taken_away_is_cleared_in_place(desk: Desk) -> None:
    post = "film on facebook\ntype: reel\ntext: Words\nmedia:\n- file: media/repair.mp4"
    desk.write(f"{post}\ntitle: A title")
    assert desk.apply().code == 0
    desk.write(post)
    assert desk.plan() == [("update", "film")]
    assert desk.apply().code == 0
    assert desk.asked("PUT", "/posts/.*") == [{"post": {"text": "Words", "title": ""}}]
    assert desk.sandbox.posts()[0]["title"] in (None, "")
    assert desk.plan() == []


def test_what_the_library_has_is_named_by_its_id_and_its_path_looked_up(desk: Desk) -> None:
    known = desk.sandbox.add_media("shelf.png")
    leaflet = desk.sandbox.add_media("leaflet.pdf")
    desk.write(
        f"leaflet on linkedin\ntype: document\ntitle: T\ntext: leaflet\nmedia:\n- id: {leaflet}",
        f"post on facebook\ntext: post\nmedia:\n- id: {known}\n  alt: A shelf",
        f"comment on facebook\ntext: comment\ncomments:\n- text: more\n  media:\n  - id: {known}",
        f"article on wordpress\ntitle: T\ntext: article\nmedia:\n- id: {known}\n  alt: A shelf",
    )
    assert desk.problems() == []
    assert set(desk.apply().outcomes.values()) == {"applied"}
    assert desk.sent("post")["media"][0] == {"id": known, "type": "photo", "alt_text": "A shelf"}
    assert desk.sent("article")["featured_media"]["path"].endswith("/shelf.png")
    assert len(desk.asked("GET", "/media")) == 2, "each once"


def test_an_id_whose_path_publer_does_not_tell_fails_its_post_alone(desk: Desk) -> None:
    desk.write(
        "article on wordpress\ntitle: T\ntext: article\nmedia:\n- id: 63c675e94e299e9cf2b667ec\n  alt: A shelf",
        "other on x\ntext: other",
    )
    done = desk.apply()
    assert (done.code, done.outcomes) == (6, {"article": "failed", "other": "applied"})
    assert "did not give the path of media 63c675e94e299e9cf2b667ec" in done.message("article")
    assert desk.plan() == [("create", "article")]


def test_a_post_that_is_lost_with_an_id_nobody_knows_has_a_likely_reason(desk: Desk) -> None:
    desk.write("post on x\ntext: post\nmedia:\n- id: 63c675e94e299e9cf2b667ec\n  alt: A shelf")
    done = desk.apply()
    assert done.outcomes == {"post": "unverified"}
    assert "does not list 63c675e94e299e9cf2b667ec" in done.results[0]["hint"]


def test_what_cannot_be_fetched_fails_its_posts_alone_and_is_asked_for_once(desk: Desk) -> None:
    bad = "text: {}\nmedia:\n- url: https://example.invalid/lamp.png\n  alt: A lamp"
    desk.write(
        *(f"{name} on {name}\n{bad.format(name)}" for name in ("facebook", "bluesky")),
        f"good on x\ntext: good\nmedia:\n- url: {ADDRESS}\n  alt: A lamp",
    )
    done = desk.apply()
    assert done.code == 6
    assert done.outcomes == {"facebook": "failed", "bluesky": "failed", "good": "applied"}
    assert "could not fetch https://example.invalid/lamp.png" in done.message("facebook")
    assert len(desk.asked("POST", "/media/from-url")) == 2
    assert desk.plan() == [("create", "facebook"), ("create", "bluesky")]


def test_imports_never_overlap_even_where_one_does_not_end(desk: Desk) -> None:
    desk.sandbox.faults.job_delay = NEVER
    desk.write(
        f"first on facebook\ntext: first\nmedia:\n- url: {ADDRESS}\n  alt: A lamp",
        f"second on facebook\ntext: second\nmedia:\n- url: {MOVIE}",
    )
    done = desk.apply("--timeout", "0.2")
    assert done.outcomes == {"first": "failed", "second": "failed"}
    assert "did not fetch" in done.message("first")
    assert f"may still fetch {ADDRESS}" in done.message("second")
    assert len(desk.asked("POST", "/media/from-url")) == 1


def test_a_file_that_publer_refuses_is_sent_once_and_fails_its_posts_alone(desk: Desk) -> None:
    desk.sandbox.faults.trip("error_before", "POST", "/media$", status=413)
    picture = "text: {}\nmedia:\n- file: media/table.png\n  alt: A table"
    desk.write(
        *(f"{name} on {name}\n{picture.format(name)}" for name in ("facebook", "bluesky")),
        "other on x\ntext: other\nmedia:\n- file: media/workshop.png\n  alt: A lathe",
    )
    done = desk.apply()
    assert done.outcomes == {"facebook": "failed", "bluesky": "failed", "other": "applied"}
    assert len(desk.asked("POST", "/media")) == 2
    assert set(desk.apply().outcomes.values()) == {"applied"}


def test_a_video_that_looked_like_a_picture_is_not_sent_as_one(desk: Desk) -> None:
    known = desk.sandbox.add_media("clip.mp4")
    desk.write(
        f"post on facebook\ntext: post\nmedia:\n- id: {known}\n  alt: A clip", "other on x\ntext: other"
    )
    done = desk.apply()
    assert done.outcomes == {"post": "failed", "other": "applied"}
    assert "write type: video" in done.message("post")
    desk.write(f"post on facebook\ntype: video\ntext: post\nmedia:\n- id: {known}", "other on x\ntext: other")
    assert desk.apply().outcomes == {"post": "applied"}


def test_null_takes_a_networks_own_key_away(desk: Desk) -> None:
    (desk.top / "posts.yaml").write_text(
        "defaults:\n  networks:\n    x:\n      signature: 63c675e94e299e9cf2b66701\n      reply_settings: following\n"
        "    bluesky:\n      signature: 63c675e94e299e9cf2b66702\n"
        f"posts:\n- at: {T:%Y-%m-%d %H:%M}\n  text: hi\n  accounts:\n  - account: x\n    signature: null\n"
        "    reply_settings: null\n  - bluesky\n",
        encoding="utf-8",
    )
    assert desk.problems() == ["7: signature.network: Publer adds no signature on Bluesky"]
    assert desk.apply().code == 0
    sent = {post["network"]: post["sent"] for post in desk.sandbox.posts()}
    assert "replySettings" not in sent["twitter"]["network"]
    assert "signature" not in sent["twitter"]["account"]
    assert sent["bluesky"]["account"]["signature"] == "63c675e94e299e9cf2b66702"


def an_import_without_end(desk: Desk) -> None:
    """What an apply that was stopped leaves behind."""
    desk.sandbox.faults.job_delay = NEVER
    connection = HTTPConnection(urlsplit(desk.sandbox.url).netloc)
    body = {"media": [{"url": MOVIE, "name": "film"}], "type": "single"}
    headers = {"Authorization": f"Bearer-API {desk.sandbox.key}", "User-Agent": "earlier"}
    headers["Publer-Workspace-Id"] = SEED.workspace_id
    path = f"{urlsplit(desk.sandbox.url).path}/media/from-url"
    with closing(connection):
        connection.request("POST", path, json.dumps(body), headers)
        assert connection.getresponse().status == 200
    desk.sandbox.faults.job_delay = 1


PICTURE = f"post on facebook\ntext: post\nmedia:\n- url: {ADDRESS}\n  alt: A lamp"


def test_an_import_waits_for_one_that_an_earlier_apply_left_behind(desk: Desk) -> None:
    an_import_without_end(desk)
    real, database = desk.sandbox.handle, desk.sandbox._database

    def handle(request: Any) -> Any:
        answer = real(request)
        if answer is not None and answer.status == 403:
            with database.transaction():
                for job in database.waiting_jobs():
                    database.finish_job(job.id, {"media": []})
        return answer

    desk.sandbox.handle = handle  # type: ignore[method-assign]  # the first one ends once a second was refused
    desk.write(PICTURE)
    assert desk.apply().outcomes == {"post": "applied"}
    assert len(desk.asked("POST", "/media/from-url")) > 2


def test_an_import_that_another_one_keeps_waiting_fails_its_post_as_busy_and_not_for_the_key(
    desk: Desk,
) -> None:
    an_import_without_end(desk)
    desk.write(PICTURE)
    [failed] = desk.apply("--timeout", "0.2").results
    assert failed["outcome"] == "failed"
    assert "Publer fetches one thing at a time" in failed["hint"]
    assert len(desk.asked("POST", "/media/from-url")) > 2


def test_an_import_for_which_the_key_lacks_the_scope_is_asked_for_once(desk: Desk) -> None:
    desk.sandbox.faults.scopes -= {"media"}
    desk.write(PICTURE)
    [failed] = desk.apply().results
    assert failed["outcome"] == "failed"
    assert "it lacks a scope" in failed["hint"]
    assert len(desk.asked("POST", "/media/from-url")) == 1


def test_the_cover_of_a_video_in_a_comment_is_sent(desk: Desk) -> None:
    desk.write(
        "post on facebook\ntext: post\ncomments:\n- text: more\n  media:\n  - file: media/repair.mp4\n"
        "    thumbnail: media/table.png"
    )
    assert desk.apply().code == 0
    [post] = desk.sandbox.posts()
    assert "table.png" in post["sent"]["account"]["comments"][0]["media"]["thumbnail"]


@pytest.mark.parametrize("bad_first", [True, False])
def test_a_post_that_cannot_be_sent_fails_no_other_that_shows_the_same(
    desk: Desk, *, bad_first: bool
) -> None:
    known = desk.sandbox.add_media("clip.mp4")
    good = f"good on facebook\ntype: video\ntext: good\nmedia:\n- id: {known}"
    bad = f"bad on x\ntype: photo\ntext: bad\nmedia:\n- id: {known}\n  alt: A clip"
    desk.write(*((bad, good) if bad_first else (good, bad)))
    assert desk.apply().outcomes == {"good": "applied", "bad": "failed"}
    assert len(desk.asked("GET", "/media")) == 1
    assert desk.apply().outcomes == {"bad": "failed"}
    assert len(desk.asked("GET", "/media")) == 2  # what did not help before is asked for anew, once


# --- words that Publer changes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("draft", ["", "draft: true"])
def test_a_post_below_which_publer_puts_a_signature_is_the_one_that_was_sent(desk: Desk, draft: str) -> None:
    desk.sandbox.faults.rewrite = lambda text: f"{text}\n-- signed"
    desk.write(f"post on x\ntext: hello\n{draft}")
    assert desk.apply().outcomes == {"post": "applied"}
    assert desk.plan() == []
    moved = (desk.top / "posts.yaml").read_text(encoding="utf-8").replace("09:00", "11:00")
    (desk.top / "posts.yaml").write_text(moved, encoding="utf-8")
    assert desk.apply().outcomes == {"post": "applied"}
    assert len(desk.sandbox.posts()) == 1


@pytest.mark.parametrize("draft", ["", "draft: true"])
def test_a_post_that_publer_gives_other_words_is_never_made_twice(desk: Desk, draft: str) -> None:
    desk.sandbox.faults.rewrite = lambda text: f"{text} -- signed"
    desk.write(f"post on x\ntext: hello\n{draft}")
    assert desk.apply().outcomes == {"post": "unverified"}
    for _ in range(3):
        time.sleep(31 * desk.sandbox.poll_seconds)
        assert set(desk.apply().outcomes.values()) <= {"unverified", "not_tried"}
    assert len(desk.sandbox.posts()) == 1
    moved = (desk.top / "posts.yaml").read_text(encoding="utf-8").replace("09:00", "11:00")
    (desk.top / "posts.yaml").write_text(moved, encoding="utf-8")
    done = desk.apply()
    assert done.outcomes == {"post": "not_tried"}
    assert "may be it" in done.message("post")
    assert len(desk.sandbox.posts()) == 1
    assert desk.apply("--allow-twins").results[0]["outcome"] == "unverified"
    assert len(desk.sandbox.posts()) == 2


def test_an_edit_whose_title_publer_passes_over_is_not_called_done(desk: Desk) -> None:
    post = "film on facebook\ntype: reel\ntitle: Old\ntext: Old words\nmedia:\n- file: media/repair.mp4"
    desk.write(post)
    assert desk.apply().code == 0
    desk.sandbox.faults.put_ignores_title = True
    desk.write(post.replace("Old", "New"))
    done = desk.apply()
    assert done.outcomes == {"film": "failed"}
    assert desk.plan() == [("update", "film")]


# --- words that Publer keeps elsewhere ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("post", "old", "new"),
    [
        ("article on wordpress\ntitle: T\ntext: Old words", "Old words", "New words"),
        (
            "poll on linkedin\ntext: Old words?\npoll:\n  duration: 3d\n  options:\n  - Lamp\n  - Torch",
            "Old words?",
            "New words?",
        ),
        (
            EVENT.replace("An event", "Old name"),
            "Old name",
            "New name",
        ),
        (
            "film on youtube\ntitle: T\ntext: Old words\nmedia:\n- file: media/repair.mp4",
            "Old words",
            "New words",
        ),
        ("paper on linkedin\ntitle: Old name\nmedia:\n- file: media/care-guide.pdf", "Old name", "New name"),
        ("short on x\ntext: Old words", "Old words", "New words"),
    ],
)
def test_no_old_word_is_left_after_an_edit(desk: Desk, post: str, old: str, new: str) -> None:
    desk.write(post)
    assert desk.apply().code == 0
    desk.write(post.replace(old, new))
    [(action, _)] = desk.plan()
    assert action == ("update" if post.startswith(("film", "short")) else "replace")
    assert desk.apply().code == 0
    [stands] = desk.sandbox.posts()
    shown = {**stands["sent"]["network"], "text": stands["text"], "title": stands["title"]}
    if post.startswith("film"):
        del shown["description"]  # the service takes YouTube's text for it
    assert old not in json.dumps(shown)
    assert new in json.dumps(shown)
    assert desk.plan() == []


def test_the_button_of_a_google_post_stays_when_its_words_change(desk: Desk) -> None:
    post = "offer on google\ntext: Old\nlink:\n  url: https://example.com\n  call_to_action: LEARN_MORE"
    desk.write(post)
    assert desk.apply().code == 0
    desk.write(post.replace("Old", "New"))
    assert desk.plan() == [("update", "offer")]
    assert desk.apply().code == 0
    assert desk.asked("PUT", "/posts/.*") == [{"post": {"text": "New", "title": "LEARN_MORE"}}]
    assert desk.plan() == []


BUTTON = "offer on google\ntext: Old\nlink:\n  url: https://example.com\n  call_to_action: LEARN_MORE"


def test_the_button_of_a_google_post_comes_back_with_pull(desk: Desk) -> None:
    """Publer shows it as the post's title, where the next replacement would have lost it."""
    desk.write(BUTTON)
    assert desk.apply().code == 0
    for file in (desk.top / "posts.yaml", *(part for _, part in parts_in(desk.top / ".publer-sync"))):
        file.unlink()
    assert desk.run("pull", ".", "--yes")[0] == 0
    [pulled] = desk.top.glob("pulled-*.yaml")
    link = "  link:\n    url: https://example.com\n    call_to_action: LEARN_MORE\n"
    assert pulled.read_text("utf-8").endswith(f"  text: |\n    Old\n{link}")
    assert [action for action, _ in desk.plan()] == ["adopt"]


def test_the_cards_of_a_carousel_are_not_shown_and_the_post_is_left(desk: Desk) -> None:
    facebook = next(account.id for account in SEED.accounts if account.provider == "facebook")
    desk.sandbox.add(account_id=facebook, at=T + DAY, text="Two lamps", type="carousel")
    code, told = desk.run("pull", ".", "--yes", "--format", "json")
    [left] = json.loads(told)["posts"]
    assert (code, left["reason"]) == (6, "Publer doesn't show everything that belongs to this carousel")
    assert not left["paste"]


def test_a_button_without_a_link_is_left(desk: Desk) -> None:
    google = next(account.id for account in SEED.accounts if account.provider == "google")
    desk.sandbox.add(account_id=google, at=T + DAY, text="Call us", title="CALL")
    code, told = desk.run("pull", ".", "--yes", "--format", "json")
    [left] = json.loads(told)["posts"]
    assert (code, left["action"]) == (6, "left")
    assert left["reason"] == "its button CALL has no link, which a button in a calendar needs"


def test_a_button_that_somebody_chose_in_publer_is_left_with_the_lines_to_paste(desk: Desk) -> None:
    desk.write(BUTTON)
    assert desk.apply().code == 0
    [shown] = desk.sandbox.posts()
    desk.sandbox.edit(shown["id"], title="SIGN_UP")
    code, told = desk.run("pull", ".", "--yes", "--format", "json")
    [left] = json.loads(told)["posts"]
    assert (code, left["action"], left["reason"]) == (6, "left", "its button was changed in Publer")
    assert left["paste"] == "link:\n  url: https://example.com\n  call_to_action: SIGN_UP"
    assert desk.plan() == [("blocked", "offer")]
    desk.write(BUTTON.replace("LEARN_MORE", "SIGN_UP"))
    for _ in range(2):
        assert desk.plan() == []
        assert desk.apply().code == 0
    assert [post["title"] for post in desk.sandbox.posts()] == ["SIGN_UP"]


def test_without_a_record_every_post_is_known_again(desk: Desk) -> None:
    desk.write(
        "offer on google\ntext: a\nlink:\n  url: https://example.com\n  call_to_action: LEARN_MORE",
        f"{EVENT}\nlink:\n  url: https://example.com\n  call_to_action: SIGN_UP",
        "card on facebook\ntext: c\ntype: link\nlink: https://example.com\nmedia:\n- file: media/table.png\n  alt: T",
        "article on wordpress\ntitle: T\ntext: d\nnetworks:\n  wordpress:\n    slug: lamps",
        "named on x\ntitle: Not for X\ntext: e",
    )
    assert desk.apply().code == 0
    [(_, part)] = parts_in(desk.top / ".publer-sync")
    part.unlink()
    assert [action for action, _ in desk.plan()] == ["adopt"] * 5


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ("blog: wordpress/Fjordlight", "wordpress_oauth"),
        ("blog: wordpress_basic/Fjordlight", "wordpress_basic"),
        ("wordpress_basic: Fjordlight", "wordpress_basic"),
        ("blog: {name: Fjordlight, provider: wordpress_basic}", "wordpress_basic"),
    ],
)
def test_the_settings_say_how_a_blog_is_connected(desk: Desk, settings: str, key: str) -> None:
    desk.settings(f"timezone: Europe/Oslo\naccounts:\n  {settings}\n")
    desk.write("article on all\ntitle: T\ntext: Words")
    assert desk.apply().code == 0
    [body] = desk.asked("POST", "/posts/schedule")
    assert list(body["bulk"]["posts"][0]["networks"]) == [key]


# --- text -----------------------------------------------------------------------------------------------------------


def test_a_mastodon_server_may_take_longer_posts(desk: Desk) -> None:
    desk.write(f"long on mastodon\ntext: {'a word ' * 100}")
    said = "5: mastodon.text.length: 199 characters too long for Mastodon: 699 of 500"
    assert desk.problems() == [said]
    account = "{name: Fjordlight, provider: mastodon"
    desk.settings(SETTINGS.replace(account, f"{account}, max_characters: 1000"))
    assert desk.problems() == []
    _, stdout = desk.run("plan", ".")
    assert "699 of 1,000 characters" in stdout


@pytest.mark.parametrize(
    ("ignore", "silent"),
    [
        ("{x.text.length: the account has Premium}", True),
        ("{twitter.text.length: the account has Premium}", True),
        ('{x.text.length: " "}', False),
        ("{bluesky.text.length: another one}", False),
    ],
)
def test_a_rule_is_silenced_with_a_reason_under_either_name_of_x(
    desk: Desk, ignore: str, silent: bool
) -> None:
    desk.write(f"long on x\ntext: {'a' * 281}\nignore: {ignore}")
    said = "5: x.text.length: 1 character too long for X: 281 of 280"
    assert desk.problems() == ([] if silent else [said])


def test_an_account_whose_network_is_not_named_is_checked_by_the_common_rules(
    desk: Desk,
) -> None:
    desk.write(f"one on social\ntext: {'a' * 600}", f"two on social\ntext: {'b' * 600}")
    desk.settings("timezone: Europe/Oslo\naccounts:\n  social: Fjordlight\n  other: Elsewhere\n")
    said = "the network of `social` is not named, so its rules are not checked here"
    assert desk.problems() == [f"3: account.unjudged: {said}"]
    desk.settings("timezone: Europe/Oslo\naccounts:\n  social: facebook/Fjordlight\n")
    assert desk.problems() == []
    desk.settings("timezone: Europe/Oslo\naccounts:\n  social: x/Fjordlight\n")
    assert [found.split(": ")[1] for found in desk.problems()] == ["x.text.length", "x.text.length"]
