"""What posts say, through the front door: from the calendar's files over the command line to Publer and back."""

from __future__ import annotations

import json
import time

import pytest

from publer_sync.ledger.folder_store import parts_in
from tests.system.content import EVENT, SETTINGS, ContentDesk
from tests.system.worlds import T

pytestmark = [pytest.mark.story, pytest.mark.usefixtures("every_kind_seen")]


# --- what is checked before anything is sent --------------------------------------------------------------------------


@pytest.mark.parametrize("more", ["", "type: event\nignore:\n  google.event: agreed\n"])
def test_a_time_that_cannot_be_read_stops_before_anything_is_sent(desk: ContentDesk, more: str) -> None:
    desk.write(
        f"bad on google\ntext: a\n{more}networks:\n  google:\n    start: soon", "good on x\ntext: good"
    )
    assert any("field.time" in problem for problem in desk.problems())
    code, _ = desk.run("apply", ".", "--yes", "--format", "json")
    assert code == 3
    assert not desk.asked("POST", "/posts/schedule")


def test_a_link_post_without_its_link_is_never_sent(desk: ContentDesk) -> None:
    """Publer makes its card of the link object alone."""
    desk.write("card on facebook\ntype: link\ntext: See https://example.com/lamp")
    assert any("type.none" in problem for problem in desk.problems())
    code, _ = desk.run("apply", ".", "--yes", "--format", "json")
    assert (code, desk.asked("POST", "/posts/schedule")) == (3, [])
    desk.write("card on facebook\ntype: link\ntext: card\nlink: https://example.com/lamp")
    assert desk.apply().outcomes == {"card": "applied"}
    assert desk.sent("card")["link"] == {"url": "https://example.com/lamp"}


def test_a_text_that_fits_bluesky_once_its_links_are_shortened_is_sent(desk: ContentDesk) -> None:
    words = f"{'a' * 240} https://www.example.com/a-rather-long-path/of-some-page?utm_source=bluesky"
    desk.write(f"long on bluesky\ntext: {words}")
    [problem] = desk.problems()
    assert problem.startswith("5: bluesky.text.length.soft: 315 of 300 characters")
    assert desk.apply().outcomes == {"long": "applied"}


def test_a_mastodon_server_may_take_longer_posts(desk: ContentDesk) -> None:
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
    desk: ContentDesk, ignore: str, silent: bool
) -> None:
    desk.write(f"long on x\ntext: {'a' * 281}\nignore: {ignore}")
    said = "5: x.text.length: 1 character too long for X: 281 of 280"
    assert desk.problems() == ([] if silent else [said])


def test_an_account_whose_network_is_not_named_is_checked_by_the_common_rules(
    desk: ContentDesk,
) -> None:
    desk.write(f"one on social\ntext: {'a' * 600}", f"two on social\ntext: {'b' * 600}")
    desk.settings("timezone: Europe/Oslo\naccounts:\n  social: Fjordlight\n  other: Elsewhere\n")
    said = "the network of `social` is not named, so its rules are not checked here"
    assert desk.problems() == [f"3: account.unjudged: {said}"]
    desk.settings("timezone: Europe/Oslo\naccounts:\n  social: facebook/Fjordlight\n")
    assert desk.problems() == []
    desk.settings("timezone: Europe/Oslo\naccounts:\n  social: x/Fjordlight\n")
    assert [found.split(": ")[1] for found in desk.problems()] == ["x.text.length", "x.text.length"]


# --- words that Publer changes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("draft", ["", "draft: true"])
def test_a_post_below_which_publer_puts_a_signature_is_the_one_that_was_sent(
    desk: ContentDesk, draft: str
) -> None:
    desk.sandbox.faults.rewrite = lambda text: f"{text}\n-- signed"
    desk.write(f"post on x\ntext: hello\n{draft}")
    assert desk.apply().outcomes == {"post": "applied"}
    assert desk.plan() == []
    moved = (desk.top / "posts.yaml").read_text(encoding="utf-8").replace("09:00", "11:00")
    (desk.top / "posts.yaml").write_text(moved, encoding="utf-8")
    assert desk.apply().outcomes == {"post": "applied"}
    assert len(desk.sandbox.posts()) == 1


@pytest.mark.parametrize("draft", ["", "draft: true"])
def test_a_post_that_publer_gives_other_words_is_never_made_twice(desk: ContentDesk, draft: str) -> None:
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


def test_an_edit_whose_title_publer_passes_over_is_not_called_done(desk: ContentDesk) -> None:
    post = "film on facebook\ntype: reel\ntitle: Old\ntext: Old words\nmedia:\n- file: media/repair.mp4"
    desk.write(post)
    assert desk.apply().code == 0
    desk.sandbox.faults.put_ignores_title = True
    desk.write(post.replace("Old", "New"))
    done = desk.apply()
    assert done.outcomes == {"film": "failed"}
    assert desk.plan() == [("update", "film")]


def test_a_title_that_is_taken_away_is_cleared_in_place(desk: ContentDesk) -> None:
    post = "film on facebook\ntype: reel\ntext: Words\nmedia:\n- file: media/repair.mp4"
    desk.write(f"{post}\ntitle: A title")
    assert desk.apply().code == 0
    desk.write(post)
    assert desk.plan() == [("update", "film")]
    assert desk.apply().code == 0
    assert desk.asked("PUT", "/posts/.*") == [{"post": {"text": "Words", "title": ""}}]
    assert desk.sandbox.posts()[0]["title"] in (None, "")
    assert desk.plan() == []


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
def test_no_old_word_is_left_after_an_edit(desk: ContentDesk, post: str, old: str, new: str) -> None:
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


def test_the_button_of_a_google_post_stays_when_its_words_change(desk: ContentDesk) -> None:
    post = "offer on google\ntext: Old\nlink:\n  url: https://example.com\n  call_to_action: LEARN_MORE"
    desk.write(post)
    assert desk.apply().code == 0
    desk.write(post.replace("Old", "New"))
    assert desk.plan() == [("update", "offer")]
    assert desk.apply().code == 0
    assert desk.asked("PUT", "/posts/.*") == [{"post": {"text": "New", "title": "LEARN_MORE"}}]
    assert desk.plan() == []


def test_null_takes_a_networks_own_key_away(desk: ContentDesk) -> None:
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


def test_without_a_record_every_post_is_known_again(desk: ContentDesk) -> None:
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
def test_the_settings_say_how_a_blog_is_connected(desk: ContentDesk, settings: str, key: str) -> None:
    desk.settings(f"timezone: Europe/Oslo\naccounts:\n  {settings}\n")
    desk.write("article on all\ntitle: T\ntext: Words")
    assert desk.apply().code == 0
    [body] = desk.asked("POST", "/posts/schedule")
    assert list(body["bulk"]["posts"][0]["networks"]) == [key]
