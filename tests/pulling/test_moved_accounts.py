"""How the file of a post changes that someone moved to another account in Publer: in place, or by a post of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.load import read
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.pulling.findings import Pair
from publer_sync.pulling.rewrites import Rewriter
from tests.builders import INSTAGRAM, LINKEDIN, X, shown

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.values.model import Account

MASTODON = replace(X, id="a-ma", provider="mastodon", alias="mastodon")
ACCOUNTS = {"x": X, "linkedin": LINKEDIN, "instagram": INSTAGRAM, "mastodon": MASTODON}
SETTINGS = """\
timezone: UTC
accounts: {x: Me, linkedin: Us, instagram: We, mastodon: They}
groups: {pair: [x, linkedin]}
"""


def moved(
    top: Path, posts: str, to: dict[str, Account], *, file: str = "posts.yaml", taken: tuple[str, ...] = ()
) -> str:
    """The file once its posts are on other accounts, by their old aliases."""
    (top / "publer.yaml").write_text(SETTINGS)
    (top / file).write_text(posts)
    calendar = read(top)
    pairs = [
        Pair(
            post,
            shown(post.at, post.text, account=to[post.account.alias or ""]),
            frozenset({"accounts"}),
            to=to[post.account.alias or ""],
        )
        for post in calendar.bind(ACCOUNTS).posts
        if post.account.alias in to
    ]
    writer = Rewriter(calendar, taken)
    writer.rewrite(pairs)
    return writer.documents[file].raw.decode()


def post(accounts: str, more: str = "", id: str = "- id: lamp\n  ") -> str:
    return f"posts:\n{id or '- '}at: 2027-03-01 09:00\n  accounts: {accounts}\n  text: A lamp\n{more}"


def test_all_its_accounts_are_renamed_in_place(tmp_path: Path) -> None:
    assert moved(tmp_path, post("x # now"), {"x": MASTODON}) == post("mastodon # now")
    both = {"x": MASTODON, "linkedin": INSTAGRAM}
    assert moved(tmp_path, post("[x, linkedin]"), both) == post("[mastodon, instagram]")
    own = "\n  - account: x\n    title: T\n  - linkedin"
    assert moved(tmp_path, post(own), both) == post(
        own.replace(": x", ": mastodon").replace("linkedin", "instagram")
    )


def test_a_group_is_named_account_by_account(tmp_path: Path) -> None:
    text = moved(tmp_path, post("pair"), {"x": MASTODON, "linkedin": INSTAGRAM})
    assert "accounts: [instagram, mastodon]" in text


def test_a_group_beside_an_account_is_named_account_by_account_too(tmp_path: Path) -> None:
    to = {"x": MASTODON, "linkedin": LINKEDIN, "instagram": INSTAGRAM}
    text = moved(tmp_path, post("[pair, instagram]"), to)
    assert (
        "accounts: [instagram, linkedin, mastodon]" in text
        or "accounts: [mastodon, linkedin, instagram]" in text
    )


def test_one_of_several_becomes_a_post_of_its_own(tmp_path: Path) -> None:
    networks = "  networks:\n    x:\n      text: On X\n    linkedin:\n      text: On LinkedIn\n"
    text = moved(tmp_path, post("[x, linkedin]", networks), {"linkedin": MASTODON})
    kept, _, new = text.partition("- id: lamp-mastodon")
    assert "accounts: [x]" in kept or "accounts: x" in kept
    assert "accounts: mastodon" in new
    assert "On LinkedIn" in new
    assert "On X" not in new


def test_a_network_goes_along_by_the_name_that_it_has_and_to_another_network_by_the_code_of_that(
    tmp_path: Path,
) -> None:
    networks = "  networks:\n    twitter:\n      text: On X\n"
    for account, word in ((replace(X, id="a-2", alias="second"), "twitter"), (MASTODON, "mastodon")):
        text = moved(tmp_path, post("[x, linkedin]", networks), {"x": account})
        new = text.partition(f"- id: lamp-{account.alias}")[2]
        assert f"networks:\n    {word}:\n" in new
        assert new.count("On X") == 1


def test_its_own_layer_goes_along_and_its_id_is_a_new_one(tmp_path: Path) -> None:
    own = "\n  - account: x\n    title: T\n  - linkedin"
    text = moved(tmp_path, post(own), {"x": MASTODON}, taken=("lamp-mastodon",))
    kept, _, new = text.partition("- id: lamp-mastodon-2")
    assert "account: x" not in kept
    assert "- account: mastodon\n    title: T" in new
    both = "\n  - account: x\n    title: T\n  - account: linkedin\n    text: Another lamp"
    _, _, new = moved(tmp_path, post(both), {"x": MASTODON}).partition("- id: lamp-mastodon")
    assert "title: T" in new
    assert "Another" not in new
    rest = "\n  - x\n  - account: linkedin\n    title: T\n  - instagram"
    text = moved(tmp_path, post(rest), {"x": MASTODON})
    assert text.startswith(post(rest.replace("\n  - x", "")))
    without = moved(tmp_path, post("pair", id=""), {"x": MASTODON})
    assert without.startswith(post("linkedin", id=""))
    assert "id:" not in without


def test_a_file_that_is_one_post_says_what_to_write_elsewhere(tmp_path: Path) -> None:
    page = "---\nid: lamp\nat: 2027-03-01 09:00\naccounts: [x, linkedin]\n---\nA lamp\n"
    with pytest.raises(Unsafe) as raised:
        moved(tmp_path, page, {"x": MASTODON}, file="post.md")
    assert raised.value.reason == "its file is one post, and it needs one of its own"
    assert "accounts: mastodon" in raised.value.paste
    assert "accounts: [mastodon, instagram]" in moved(
        tmp_path, page, {"x": MASTODON, "linkedin": INSTAGRAM}, file="post.md"
    )


def test_a_use_of_a_stored_post_moves_with_all_its_accounts_alone(tmp_path: Path) -> None:
    stored = "- {id: tip, evergreen: {every: 4w}, text: A tip}\n"
    use = f"posts:\n{stored}- {{use: tip, at: 2027-03-01 09:00, accounts: [x, linkedin]}}\n"
    with pytest.raises(Unsafe, match="a use moves to another account with all its accounts"):
        moved(tmp_path, use, {"x": MASTODON})
    text = moved(tmp_path, use, {"x": MASTODON, "linkedin": INSTAGRAM})
    assert "accounts: [mastodon, instagram]" in text


def test_a_post_on_the_accounts_of_its_file_names_its_own(tmp_path: Path) -> None:
    file = "accounts: [x, linkedin]\nposts:\n- id: lamp\n  at: 2027-03-01 09:00\n  text: A lamp\n"
    kept, _, new = moved(tmp_path, file, {"x": MASTODON}).partition("- id: lamp-mastodon")
    assert kept == file.replace("09:00\n", "09:00\n  accounts: linkedin\n")
    assert "accounts: mastodon" in new


def test_a_post_that_leaves_another_is_written_beside_other_edits_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text(SETTINGS)
    second = "- {id: sofa, at: 2027-03-02 09:00, accounts: x, text: A sofa}\n"
    (tmp_path / "posts.yaml").write_text(post("[x, linkedin]") + second)
    calendar = read(tmp_path)
    lamp, _, sofa = sorted(
        calendar.bind(ACCOUNTS).posts, key=lambda each: (each.at, each.account.alias == "linkedin")
    )
    writer = Rewriter(calendar)
    edits = [
        [Pair(lamp, shown(lamp.at, lamp.text, account=MASTODON), frozenset({"accounts"}), to=MASTODON)],
        [Pair(sofa, shown(sofa.at, "A red sofa"), frozenset({"text"}))],
    ]
    assert [*writer.rewrite_all(edits)] == []
    text = writer.documents["posts.yaml"].raw.decode()
    assert text.index("accounts: [linkedin]") < text.index("A red sofa") < text.index("- id: lamp-mastodon")


def test_times_of_each_account_go_along(tmp_path: Path) -> None:
    own = "posts:\n- id: lamp\n  accounts:\n  - account: x\n    at: 2027-03-01 09:00\n  - account: linkedin\n    at: 2027-03-02 09:00\n  text: A lamp\n"
    _, _, new = moved(tmp_path, own, {"x": MASTODON}).partition("- id: lamp-mastodon")
    assert new == "\n  accounts:\n  - account: mastodon\n    at: 2027-03-01 09:00\n  text: |\n    A lamp\n"


def test_an_account_that_a_group_names_too_leaves_a_post_that_names_the_others(tmp_path: Path) -> None:
    kept, _, new = moved(tmp_path, post("[pair, x]"), {"x": MASTODON}).partition("- id: lamp-mastodon")
    assert "accounts: linkedin" in kept
    assert "accounts: mastodon" in new
    both = moved(tmp_path, post("[pair, x]"), {"x": MASTODON, "linkedin": INSTAGRAM})
    assert "accounts: [instagram, mastodon]" in both
    all_named = moved(tmp_path, post("[pair, x, linkedin]"), {"x": MASTODON, "linkedin": INSTAGRAM})
    assert "accounts: [instagram, mastodon]" in all_named
