"""What becomes of whole calendars: what is filled, drafted, asked for and signed off, as people and programs are told it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.calendar.when.zones import TimeError
from publer_sync.drafting import approve_page, fill_page, new_page
from publer_sync.drafting.approving import Desk, GivenAnswer, HadBefore
from publer_sync.drafting.draft import NewMedium, Wish, clock_of, copy_media, make_draft
from publer_sync.drafting.filling import FillRules, fill
from publer_sync.drafting.form import Form, FormAnswers, FormError
from publer_sync.drafting.requested import RequestPlaces, field_of, requested, time_of
from publer_sync.drafting.spoken import spoken_time
from publer_sync.drafting.stored import PastUse, lasting
from publer_sync.drafting.using import use_stored
from publer_sync.render.layout.dates import Dates
from publer_sync.values.errors import InputError
from publer_sync.values.problems import Location, Problem
from publer_sync.values.signoff import SignedPosts
from tests.builders import DAY, LINKEDIN, SOON, wanted
from tests.builders import NOW as NOVEMBER
from tests.stored import agrees
from tests.values.test_signoff import HEALTH, KARI, ON_X, signoff, yes_to
from tests.write_docs import png

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from publer_sync.calendar.load import Calendar

HERE = Path(__file__).parent / "stored"
NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
"""A Monday."""
SETTINGS = """\
timezone: Europe/Oslo
accounts: {linkedin: Us, x: Me, facebook: Page, twitter2: twitter/Other}
slots: {linkedin: [mon 10:00, thu 10:00], facebook: [fri 12:00]}
"""


class Folders:
    """A new folder for the calendar of each scene."""

    def __init__(self, top: Path) -> None:
        self.top, self.number = top, 0

    def calendar(self, settings: str = SETTINGS, **files: str) -> Calendar:
        self.number += 1
        here = self.top / f"{self.number}"
        here.mkdir()
        (here / "publer.yaml").write_text(settings, encoding="utf-8")
        for name, text in files.items():
            stem, _, kind = name.partition("__")
            (here / f"{stem.replace('_', '-')}.{kind or 'yaml'}").write_text(text, encoding="utf-8")
        return read(here)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def documented(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False)


def filled(
    calendar: Calendar,
    *,
    store: bool = False,
    past: Collection[PastUse] = (),
    days: int = 21,
    **rules: Any,
) -> str:
    """What `fill` tells and prints."""
    known = FillRules(NOW, **{"first": NOW, "until": (NOW + timedelta(days=days)).date(), **rules})
    found = fill(calendar, known)
    made = use_stored(calendar.with_files(found.files), known, past) if store else None
    files = {**found.files, **(made.files if made else {})}
    uses = made.uses if made else None
    dates, before = Dates("Europe/Oslo", 2027), calendar.file_bytes
    told = fill_page.text(found, uses, files, dates, before=before, prefix="calendar")
    return f"{told}\n{documented(fill_page.document(found, uses, files, calendar='acme', before=before, written=bool(files)))}"


def test_posts_that_wait_for_a_slot(folders: Folders) -> None:
    waits = "- {at: next, accounts: linkedin, text: %s}\n"
    own = "- {id: own, at: next, accounts: [linkedin, x], text: Own, networks: {x: {at: '%s'}}}\n"
    single = "---\nat: next\naccounts: linkedin\n---\nWords of a page.\n"
    there = "posts:\n- {at: 2027-03-01 10:00, accounts: linkedin, text: There}\n"
    budget = SETTINGS + "budget: {linkedin: {posts: 1/week}}\n"
    place = Location("a.yaml", 2, 3)
    scenes = {
        "two files and a page": filled(
            folders.calendar(
                a="# Kept\nposts:\n" + waits % "First" + waits % "'Second: it has a colon'",
                b="- {at: 2027-03-02 09:00, accounts: x, text: Another}\n",
                page__md=single,
            )
        ),
        "one slot is taken by another post": filled(folders.calendar(a="posts:\n" + waits % "A", b=there)),
        "a time of day of its own": filled(folders.calendar(a="posts:\n" + own % "11:30")),
        "one that would be before the first slot": filled(folders.calendar(a="posts:\n" + own % "08:30")),
        "one in a minute that is taken": filled(
            folders.calendar(
                a="posts:\n" + own % "11:30",
                b="posts:\n- {at: 2027-03-01 11:30, accounts: x, text: There}\n",
            )
        ),
        "one that the clocks skip": filled(
            folders.calendar(a="posts:\n" + own % "02:30"),
            first=datetime(2027, 3, 27, tzinfo=UTC),
            until=date(2027, 4, 1),
        ),
        "one of the file's zone": filled(
            folders.calendar(a="timezone: Asia/Tokyo\nposts:\n" + own % "20:00" + waits % "Tokyo")
        ),
        "a post of an account without slots, and one that may be later alone": filled(
            folders.calendar(
                a="posts:\n- {at: next, accounts: x, text: X}\n"
                "- {id: late, at: next, accounts: linkedin, text: L, not_before: 2027-03-02}\n"
                "- {id: never, at: next, accounts: linkedin, text: N, not_before: 2028-03-02}\n"
            )
        ),
        "not before on one network": filled(
            folders.calendar(
                a="posts:\n- {at: next, accounts: [linkedin, x], text: X, networks: {x: {not_before: 2027-03-03}}}\n"
            )
        ),
        "a budget": filled(
            folders.calendar(budget, a="posts:\n" + waits % "A" + waits % "B" + waits % "C" + waits % "D")
        ),
        "a budget and a day": filled(
            folders.calendar(
                budget,
                a="posts:\n"
                + waits % "A"
                + "- {at: next, accounts: linkedin, text: L, not_before: 2027-03-22}\n",
            )
        ),
        "nothing waits": filled(folders.calendar(a=there)),
        "in Publer, and perhaps": filled(
            folders.calendar(a="posts:\n" + waits % "A" + waits % "B" + waits % "C"),
            in_publer=[place],
            unknown={replace(place, line=3): "it may be in Publer"},
            taken=[("linkedin", NOW + timedelta(hours=1))],
        ),
        "chosen accounts": filled(
            folders.calendar(a="posts:\n" + waits % "A" + "- {at: next, accounts: facebook, text: F}\n"),
            accounts=frozenset({"facebook"}),
        ),
        "an error that was there before": filled(
            folders.calendar(a="posts:\n" + waits % "A" + "- {at: whenever, accounts: x, text: X}\n")
        ),
        "a post with an error of its own": filled(
            folders.calendar(a="posts:\n- {at: next, accounts: x, text: X, link: nowhere}\n" + waits % "A")
        ),
        "a time that somebody shares": filled(
            folders.calendar(
                a="posts:\n- &one {id: one, at: next, accounts: linkedin, text: A}\n" + waits % "B"
            )
        ),
    }
    agrees(HERE / "fill.md", scenes)


def test_uses_of_stored_posts(folders: Folders) -> None:
    def stored(*posts: str, accounts: str = "linkedin") -> str:
        return f"accounts: [{accounts}]\nposts:\n" + "".join(f"- {{{post}}}\n" for post in posts)

    def used(store: str, *, settings: str = SETTINGS, more: str = "[]", **rules: Any) -> str:
        calendar = folders.calendar(settings, store=store, more=f"posts: {more}\n")
        return filled(calendar, store=True, **rules)

    tip = "id: tip, evergreen: {every: 2w}, text: Tip"
    two = "id: two, evergreen: {every: 1w, times: 2}, text: Two, variants: [{text: Zwei}, {text: To}]"
    on_x = (
        "id: onx, accounts: [linkedin, x], evergreen: {every: 1w}, text: Both, networks: {x: {at: '11:11'}}"
    )
    x_slots = SETTINGS.replace("slots: {", "slots: {x: [tue 09:00, wed 09:00], twitter2: [tue 15:00], ")
    past = [
        PastUse("linkedin", "tip", date(2027, 2, 22), NOW - 7 * DAY, "Tip"),
        PastUse("linkedin", "two", date(2027, 2, 23), NOW - 6 * DAY),
        PastUse("x", "onx", date(2027, 1, 1), NOW - 60 * DAY, "Both"),
    ]
    scenes = {
        "two, and variants": used(stored(tip, two)),
        "what was used, as the files say": used(
            stored(tip, two),
            more="[{use: tip, at: 2027-02-25 09:00}, {use: two, at: 2027-03-04 10:00, variant: 2}]",
        ),
        "what was used, as the ledger says": used(stored(tip, two, on_x), past=past),
        "a use of the ledger that the files have on another day": used(
            stored(tip),
            more="[{use: tip, at: 2027-02-08 10:00}]",
            past=[PastUse("linkedin", "tip", date(2027, 2, 26), NOW, "Tip", "tip@2027-02-08")],
        ),
        "several accounts": used(stored(on_x, tip)),
        "X and another X": used(
            stored(
                "id: a, evergreen: {every: 1w}, text: Words",
                "id: b, accounts: twitter2, evergreen: {every: 1w}, text: words!",
                "id: c, accounts: x, evergreen: {every: 1w}, text: Else, variants: [{text: More}]",
                "id: d, accounts: twitter2, evergreen: {every: 1w}, text: Words",
                accounts="x",
            ),
            settings=x_slots,
        ),
        "chosen accounts": used(
            stored(tip, "id: x, accounts: x, evergreen: {every: 1w}, text: X"),
            settings=x_slots,
            accounts=frozenset({"x"}),
        ),
        "an account without slots": used(
            stored("id: t, accounts: twitter2, evergreen: {every: 1w}, text: T")
        ),
        "it is over, begins later, or has its days": used(
            stored(
                "id: over, evergreen: {every: 1w, until: 2027-02-28}, text: Over",
                "id: last, evergreen: {every: 1d, until: 2027-03-01}, text: Last",
                "id: later, evergreen: {every: 1w, from: 2027-03-10}, text: Later",
            )
        ),
        "used as often as it may": used(
            stored("id: once, evergreen: {every: 1w, times: 1}, text: Once", tip),
            more="[{use: once, at: 2027-02-01 10:00}]",
        ),
        "X has had all": used(
            stored("id: w, accounts: x, evergreen: {every: 1w, times: 9}, text: W"),
            settings=x_slots,
            more="[{use: w, at: 2027-01-12 10:00}]",
        ),
        "hours, pace and quiet days": used(
            stored(tip, "id: f, accounts: facebook, evergreen: {every: 1d}, text: F"),
            settings=SETTINGS
            + "cadence: {hours: {facebook: '12:00-13:00', linkedin: '08:00-09:59'}, facebook: 0-1/week, quiet: [sun]}\n",
            more="[{at: 2027-03-09 12:30, accounts: facebook, text: Own}, {at: 2027-03-16 12:30, accounts: facebook, text: D, draft: true}]",
        ),
        "a budget": used(
            stored(
                "id: f, accounts: facebook, evergreen: {every: 1d}, text: F, variants: [{text: G}, {text: H}]"
            ),
            settings=SETTINGS + "budget: {facebook: {posts: 2/month}}\n",
        ),
        "words that were said": used(
            stored("id: f, accounts: facebook, evergreen: {every: 1d}, text: F"),
            more="[{at: 2027-03-10 12:30, accounts: facebook, text: f}]",
        ),
        "words that may come again, and a draft": used(
            stored(
                "id: i, accounts: facebook, evergreen: {every: 1d}, text: F, ignore: {text.again: meant}",
                "id: d, evergreen: {every: 1d}, text: D, draft: true",
                "id: p, accounts: facebook, evergreen: {every: 1d}, media: [{url: https://example.com/a.jpg, alt: A}]",
            ),
            more="[{at: 2027-03-10 12:30, accounts: facebook, text: F}]",
        ),
        "not before": used(stored("id: f, evergreen: {every: 1w}, text: F, not_before: 2027-03-05")),
        "a holiday on which another account would publish": used(
            stored(
                "id: f, accounts: [linkedin, x], evergreen: {every: 1w}, text: F, networks: {x: {at: '23:30-08:00'}}"
            ),
            settings=SETTINGS + "cadence: {holidays: [2027-03-02, 2027-03-09], quiet: [fri]}\n",
        ),
        "words that another network had": used(
            stored(on_x), past=[PastUse("linkedin", "onx", date(2027, 1, 1), NOW - 60 * DAY, "Both")]
        ),
        "a month's file of another zone": filled(
            folders.calendar(
                store=stored(tip, on_x), **{"2027_03": "timezone: America/New_York\nposts: []\n"}
            ),
            store=True,
            days=40,
        ),
        "waiting posts beside it": filled(
            folders.calendar(store=stored(tip), a="posts:\n- {at: next, accounts: linkedin, text: W}\n"),
            store=True,
        ),
        "nothing in store": used("posts: []\n"),
    }
    agrees(HERE / "store.md", scenes)


def test_how_long_stores_last(folders: Folders) -> None:
    def told(calendar: Calendar, **rules: Any) -> str:
        found = lasting(calendar, FillRules(NOW, NOW, **rules))
        return "\n".join(
            f"{each.name}: {each.uses}, until {each.until}, further {each.further}" for each in found
        )

    once = "posts:\n- {id: %s, accounts: %s, evergreen: {every: 1w, times: %d}, text: Words of %s}\n"
    uses = "posts:\n- {use: a, at: 2027-03-25 10:00}\n- {use: a, at: 2027-02-25 10:00}\n"
    both = once % ("c", "[linkedin, facebook]", 9, "c")
    scenes = {
        "two stores": told(
            folders.calendar(
                first=once % ("a", "linkedin", 2, "a"), second=once % ("b", "twitter2", 2, "b"), uses=uses
            )
        ),
        "on two accounts": told(
            folders.calendar(both=both, uses="posts:\n- {use: c, at: 2027-04-01 09:00}\n"),
            until=date(2027, 3, 2),
        ),
        "for ever": told(folders.calendar(ever=once.replace(", times: %d", "") % ("a", "facebook", "a"))),
        "nothing": told(folders.calendar(none="posts: []\n")),
    }
    agrees(HERE / "lasting.md", scenes)


def test_new_posts(folders: Folders, tmp_path: Path) -> None:
    picture, other = tmp_path / "a lamp?.png", tmp_path / "other" / "a lamp?.png"
    other.parent.mkdir()
    picture.write_bytes(png(40, 30))
    other.write_bytes(png(60, 40))
    again = tmp_path / "other" / ".again.png"
    again.write_bytes(png(40, 30))

    pictured = folders.calendar()
    (pictured.top / "media").mkdir()
    for place in (pictured.top / "media" / "own.png", tmp_path / "own.png", tmp_path / "a\tb.png"):
        place.write_bytes(png(50, 40))
    (tmp_path / "other" / "own.png").write_bytes(png(40, 50))

    def drafted(calendar: Calendar, when: str = "2027-03-02 15:00", **wish: Any) -> str:
        try:
            made = make_draft(
                calendar,
                Wish(spoken_time(when, clock_of(calendar), NOW), **{"accounts": ("x",), **wish}),
                NOW,
            )
        except (InputError, TimeError) as error:
            return f"{type(error).__name__}: {error.message}\n{getattr(error, 'hint', '')}".replace(
                str(tmp_path), "TMP"
            )
        dates = Dates("Europe/Oslo", 2027)
        parts = [new_page.text(made, dates, prefix="calendar"), *new_page.length_lines(made), ""]
        document = documented(new_page.document(made, calendar="acme", written=not made.problems))
        return "\n".join([*parts, document]).replace(str(tmp_path), "TMP")

    there = "timezone: America/New_York\nposts:\n- {id: a, at: 2027-03-02 09:00, accounts: x, text: There}\n"
    full: dict[str, Any] = {
        "accounts": ("x", "linkedin"),
        "text": "Hello\nworld  ",
        "link": "https://example.com",
        "labels": ("a", "b"),
        "draft": True,
        "note": "For Ben",
    }
    dated = "timezone: Europe/Oslo\naccounts: {x: Me}\ntime: 08:15\ndates: {fair: 2027-04-10}\n"
    media = (NewMedium(str(picture), "A lamp"), NewMedium(str(other), " "), NewMedium(str(again)))
    scenes = {
        "all of it": drafted(folders.calendar(), **full),
        "little": drafted(folders.calendar(), text="Hello"),
        "no words": drafted(folders.calendar()),
        "two accounts of one": drafted(folders.calendar(), accounts=(), text="Hello"),
        "into a file of another zone": drafted(folders.calendar(a=there), text="Hello", to="a.yaml"),
        "the same id": drafted(folders.calendar(a=there), text="A", to="b.yaml"),
        "its own id": drafted(folders.calendar(), text="A", id="mine"),
        "the settings' time of day": drafted(folders.calendar(dated), "tomorrow", text="A"),
        "a date with a name": drafted(folders.calendar(dated), "fair - 2d 10:00", text="A"),
        "a date with a name, into another zone": drafted(
            folders.calendar(dated, a=there), "fair - 2d 10:00", text="A", to="a.yaml"
        ),
        "pictures": drafted(folders.calendar(), text="A", accounts=("facebook",), media=media),
        "an address": drafted(
            folders.calendar(), text="A", media=(NewMedium("https://example.com/a.png", "It"),)
        ),
        "no such file": drafted(folders.calendar(), text="A", media=(NewMedium(str(tmp_path / "no.png")),)),
        "too long": drafted(folders.calendar(), text="word " * 60, accounts=("x", "linkedin")),
        "the time has passed": drafted(folders.calendar(), "2027-02-28 15:00", text="A"),
        "now": drafted(folders.calendar(), "2027-03-01 09:00", text="A"),
        "a minute that is taken": drafted(
            folders.calendar(a="posts:\n- {at: 2027-03-02 15:00, accounts: x, text: There}\n"), text="A"
        ),
        "the same words a day later, in the same file": drafted(
            folders.calendar(a="posts:\n- {at: 2027-03-03 10:00, accounts: x, text: Hello}\n"),
            text="Hello",
            to="a.yaml",
        ),
        "the same words a day later, in another file": drafted(
            folders.calendar(a="posts:\n- {at: 2027-03-03 10:00, accounts: x, text: Hello}\n"), text="Hello"
        ),
        "an id of a post in another file": drafted(
            folders.calendar(a="posts:\n- {id: b, at: 2027-03-05 10:00, accounts: x, text: A}\n"),
            text="B",
            id="b",
        ),
        "words of a rule, as they are meant": drafted(folders.calendar(), text="TODO: words", as_typed=True),
        "a picture that is in the calendar": drafted(
            pictured,
            text="A",
            accounts=("facebook",),
            media=(NewMedium(str(pictured.top / "media" / "own.png"), "It"),),
        ),
        "a picture that was copied before, and another of its name": drafted(
            pictured,
            text="A",
            accounts=("facebook",),
            media=(
                NewMedium(str(tmp_path / "own.png"), "It"),
                NewMedium(str(tmp_path / "other" / "own.png"), "It"),
            ),
        ),
        "a picture whose name cannot be printed": drafted(
            pictured, text="A", accounts=("facebook",), media=(NewMedium(str(tmp_path / "a\tb.png"), "It"),)
        ),
        "what may be a slip": drafted(folders.calendar(), text="Hello\ndraft: true"),
        "what is meant": drafted(folders.calendar(), text="Hello\ndraft: true", as_typed=True),
        "a file that takes no other post": drafted(
            folders.calendar(a="at: 2027-03-09 10:00\n"), text="A", to="a.yaml"
        ),
        "a file with an error": drafted(folders.calendar(a="posts: [\n"), text="A", to="a.yaml"),
        "a file with defaults": drafted(
            folders.calendar(a="defaults: {draft: true}\nposts: []\n"), text="A", to="a.yaml"
        ),
    }
    agrees(HERE / "new.md", scenes)
    calendar = folders.calendar()
    made = make_draft(
        calendar, Wish(spoken_time("tomorrow 9", clock_of(calendar), NOW), ("x",), "A", media), NOW
    )
    copies = copy_media(made.copies, tmp_path)
    assert {name: path.read_bytes() for name, path in copies.items()} == {
        "media/a lamp-.png": png(40, 30),
        "media/a lamp--2.png": png(60, 40),
        "media/again.png": png(40, 30),
    }


def test_what_a_request_by_form_becomes(folders: Folders, tmp_path: Path) -> None:
    picture = tmp_path / "picture-1.png"
    picture.write_bytes(png(40, 30))
    slots = SETTINGS + "time: 09:00\n"

    def asked(
        words: str = "Hello", when: str = "tomorrow 9", accounts: tuple[str, ...] = ("x",), **more: Any
    ) -> str:
        pictures = more.pop("pictures", 0)
        calendar = folders.calendar(slots, a=more.pop("there", "posts: []\n"))
        answers = FormAnswers(words, when, accounts, **more)
        try:
            at = time_of(calendar, answers, NOW)
            made = requested(calendar, answers, at, [picture] * pictures, RequestPlaces(5), NOW)
        except FormError as error:
            return f"{error.field}: {error.message}\n{error.fix}"
        lines = [made.raw.decode(), *(f"{name} copied" for name in made.copies)]
        return "\n".join([*lines, *(f"{field_of(each)}: {each.message}" for each in made.problems)])

    scenes = {
        "a post": asked(note="Ask Ben", draft=True),
        "the next free slot": asked(when=" Next ", accounts=("linkedin", "x")),
        "the next free slot, of nobody": asked(when="next", accounts=()),
        "the next free slot, without slots": asked(when="next"),
        "no time": asked(when=" "),
        "no such time": asked(when="whenever"),
        "a day without a time": asked(when="tomorrow"),
        "an evening without a time": asked(when="tonight"),
        "a date that nobody declared": asked(when="launch - 2d 09:00"),
        "no account": asked(accounts=()),
        "accounts that are gone": asked(accounts=("x", "old", "older")),
        "no words": asked(words=" "),
        "no words and a picture": asked(words="", accounts=("facebook",), pictures=1, alts=("A lamp",)),
        "two pictures, one described": asked(accounts=("facebook",), pictures=2, alts=("A lamp",)),
        "a line too many": asked(alts=("A lamp",)),
        "lines too many": asked(accounts=("facebook",), pictures=1, alts=("A", "B")),
        "lines for two pictures": asked(accounts=("facebook",), pictures=2, alts=("A", "B", "C")),
        "an id that is there": asked(
            there="posts:\n- {id: issue-5, at: 2027-04-01 09:00, accounts: x, text: A}\n"
        ),
        "words that are too long": asked(words="word " * 70),
        "a time that has passed": asked(when="2027-02-01 09:00"),
    }
    agrees(HERE / "requested.md", scenes)


def test_the_part_of_the_form_of_each_problem() -> None:
    codes = {
        "time.past": "When should it be published?",
        "x.slot.twice": "When should it be published?",
        "account.unknown": "Where should it be published?",
        "media.no-alt": "What the pictures show",
        "x.media.alt": "What the pictures show",
        "media.size": "Pictures",
        "facebook.image.ratio": "Pictures",
        "text.long": "What should it say?",
        "key.unknown": "What should it say?",
    }
    assert {code: field_of(Problem("error", code, "m")) for code in codes} == codes


def test_forms(folders: Folders) -> None:
    accounts = {"facebook": "My Page", "x": ""}
    agrees(
        HERE / "forms.md",
        {place or "top": Form(place).written(accounts) for place in ("calendar", "clients/b", "")},
    )


def test_answers_to_posts(folders: Folders) -> None:
    """Three posts, of which one is a series, and one that nobody is asked for."""
    rules = signoff(KARI, HEALTH)
    one, two = wanted(SOON, "One", id="one"), wanted(SOON + DAY, "Two", account=LINKEDIN)
    days = [
        replace(wanted(SOON + number * DAY, "Daily", id=f"daily-{number}"), series="daily")
        for number in range(3)
    ]
    past = replace(wanted(NOVEMBER, "Now", id="now"))
    posts = [one, two, *days, past, replace(wanted(SOON, "Draft", id="draft", draft=True))]
    dates, before = Dates("Europe/Oslo"), {"approvals.yaml": b"# Kept\n"}

    def told(made: Any, who: str) -> str:
        files = {"approvals.yaml": b"# Kept\nnew\n"} if made.new else {}
        text = approve_page.text(made, who, files, dates, before=before, prefix="calendar")
        document = approve_page.document(made, files, calendar="acme", before=before, written=bool(files))
        return "\n".join([text, approve_page.line(made), documented(document)])

    def desk(by: str = "kari", *, yes: tuple[Any, ...] = (), **more: Any) -> Desk:
        return Desk(SignedPosts(signoff(KARI, HEALTH, yes=yes), posts), posts, by, NOVEMBER, **more)

    def answer(
        post: str, account: str = "x", *, of: Any = one, yes: bool = True, remark: str = ""
    ) -> GivenAnswer:
        digest = SignedPosts(rules, posts).statement(of).digest if of is not None else "1-0"
        return GivenAnswer(post, account, digest, yes, remark)

    scenes = {
        "all": told(desk().approve_all(), "Kari"),
        "all of somebody who is not asked": told(desk("ben").approve_all(), "Ben"),
        "some": told(desk().approve([one, *days, two]), "Kari"),
        "some of somebody else": told(desk("legal").approve([one, two]), "Legal"),
        "answers": told(
            desk().answer(
                [
                    answer("one"),
                    answer("daily", of=days[0]),
                    answer("gone"),
                    answer("one", of=None),
                    answer("now", of=past, yes=False, remark="Too soon"),
                    answer("gone", yes=False),
                ]
            ),
            "Kari",
        ),
        "known, and taken back": told(desk(yes=(yes_to(one), yes_to(two, "legal"))).approve([one]), "Kari"),
        "taken back": told(
            desk(yes=(yes_to(one),)).answer([answer("one", yes=False), answer("one", yes=False)]), "Kari"
        ),
        "nobody is asked": told(
            Desk(SignedPosts(signoff(HEALTH), posts), posts, "legal", NOVEMBER).approve([one, two]), "Legal"
        ),
        "asked for a label that it had, or an account": told(
            Desk(
                SignedPosts(signoff(HEALTH, ON_X), posts),
                posts,
                "kari",
                NOVEMBER,
                lambda post: HadBefore(("health",)) if post is two else HadBefore((), ("x",)),
            ).approve([one, two]),
            "Kari",
        ),
        "a no to other words": told(desk().answer([answer("one", of=None, yes=False, remark=" ")]), "Kari"),
    }
    agrees(HERE / "approve.md", scenes)
    assert HadBefore() == ((), ())
