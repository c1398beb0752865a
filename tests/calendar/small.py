"""Small calendars for `told`: what settings and other things around a post make of it, one question each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.calendar.scenes import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

_FEW: Final = "timezone: Europe/Oslo\naccounts: {x: Me, linkedin: Us}\n"
_AT: Final = "at: 2027-03-02 09:00"


def _calendar(settings: str, *lines: str, head: str = "", **files: str) -> dict[str, str]:
    """Settings, and a file of posts, each in a line; other files by their names without the ending."""
    items = "".join(f"- {{{line}}}\n" for line in lines)
    others = {f"{name}.yaml": text for name, text in files.items()}
    return {"publer.yaml": settings, "a.yaml": f"{head}posts:\n{items}", **others}


SMALL: Final[Mapping[str, Mapping[str, str]]] = {
    "parameters that could not be read add none": _calendar(
        f"{_FEW}utm: {{source: a}}\n", f"{_AT}, accounts: x, text: 'https://e.com', utm: {{source: b}}, utm: {{source: c}}"
    ),
    "parameters are added in no text without a site": _calendar(
        f"{_FEW}utm: {{source: a}}\n", f"{_AT}, accounts: x, text: 'https://e.com'", f"{_AT}, accounts: linkedin, text: 'https://e.com'"
    ),
    "the day of a parameter is that of the time zone": _calendar(
        f"{_FEW}utm: {{source: '{{date}}'}}\nutm_hosts: [e.com]\n", "at: 2027-03-02 00:30, accounts: x, text: 'https://e.com'"
    ),
    "sets of hashtags that a file names for all its posts": _calendar(
        f"{_FEW}hashtags: {{core: [lamp], more: [light]}}\n", f"{_AT}, accounts: x, text: Hi", f"{_AT}, accounts: linkedin, text: Hi, hashtags: [more]", head="hashtags: [core]\n"
    ),
    "words for no network in defaults": {
        **_calendar(
            f"{_FEW}defaults: {{networks: {{nowhere: {{labels: [a]}}, x: {{labels: [b]}}}}}}\n",
            f"{_AT}, accounts: x, text: Hi",
            head="defaults: {networks: {elsewhere: {labels: [c]}, linkedin: {labels: [d]}}}\n",
        ),
        "b.md": f"---\n{_AT}\naccounts: linkedin\ndefaults: {{networks: {{nobody: {{labels: [e]}}}}}}\n---\nHi\n",
    },
    "accounts of the settings that could not be read": _calendar(
        f"{_FEW.replace('linkedin: Us', 'linkedin: [Us]')}groups: {{lost: [linkedin]}}\n",
        f"{_AT}, accounts: [x, linkedin], text: Both, networks: {{linkedin: {{text: There}}}}",
        f"{_AT}, accounts: lost, text: Lost",
        f"{_AT}, accounts: [all, -x], text: Nobody",
        f"{_AT}, accounts: [lost, shop], text: Unknown",
    ),
    "an account of the settings without a name": _calendar(
        f"{_FEW.replace('linkedin: Us', 'linkedin')}groups: {{lost: [linkedin]}}\ndefaults: {{labels: [a]}}\n",
        f"{_AT}, accounts: lost, text: Lost",
        f"{_AT}, accounts: [all, -x], text: Nobody",
    ),
    "accounts of the defaults that could not be read": _calendar(
        f"{_FEW}defaults: {{accounts, labels: [a]}}\n", f"{_AT}, text: Whose", f"{_AT}, accounts: x, text: Mine"
    ),
    "accounts that leave out all": _calendar(
        SETTINGS, f"{_AT}, accounts: [all, -words, -all_pages], text: None", f"{_AT}, text: Nothing said", f"{_AT}, accounts: [], text: Empty"
    ),
    "a post in store that could not be read": _calendar(
        _FEW,
        "evergreen, id: a, accounts: x, text: T, variants: [{text: A}], repeat: {every: week}",
        "id: b, evergreen: {every: 4w, from: some}, evergreen: {every: 5w}, accounts: x, text: T, variants: [{text: A}]",
        f"id: c, {_AT}, evergreen: {{every: 4w}}, accounts: x, text: C",
        "id: d, evergreen: {every: 4w}, accounts: [x, linkedin], text: D, networks: {x: {at: 25:00}, linkedin: {at: 10:00}}",
        "id: e, evergreen: {every: 4w}, accounts: x, text: E, poll: {options: [A]}",
        f"{_AT}, use: a", "use: b, at: 2027-03-03 09:00", "use: d, at: 2027-03-04",
    ),
    "each date counts for something, but one": _calendar(
        f"{_FEW}dates: {{fair: 2027-05-03, gate: 2027-02-01, opens: 2027-03-01, ends: 2027-12-01, last: 2027-06-14, out: 2027-06-07, feast: 2027-05-17, own: 2027-05-10, idle: 2027-05-04}}\n"
        "cadence: {holidays: [feast, '2027-05-18']}\n",
        "id: a, at: fair 09:00, accounts: x, text: A, not_before: gate",
        "id: b, evergreen: {every: 4w, from: opens, until: ends}, accounts: x, text: B",
        "id: c, at: 2027-05-31 09:00, accounts: linkedin, text: C, repeat: {every: week, until: last, except: [out]}",
        "id: d, at: 2027-05-05 09:00, accounts: [x, {account: linkedin, at: own 10:00}], text: D",
        "use: b, at: 2027-07-06 09:00",
        b="dates: {here: 2027-08-02, nowhere: 2027-08-03}\nposts:\n- {id: e, at: here 09:00, accounts: x, text: E}\n",
    ),
    "times that nobody knows are neither early nor late": _calendar(
        f"{_FEW}dates: {{fair: 2027-05-03, lost: soon}}\n",
        "at: 2027-05-01 09:00, accounts: x, text: After, not_before: lost",
        "id: b, at: fair 09:00, accounts: x, text: Early, not_before: fair + 1d",
        "at: 2027-05-06 09:00, accounts: x, text: Next, not_before: next",
        b="timezone: Nowhere\nposts:\n- {at: 2027-05-01 09:00+02:00, accounts: x, text: Before, not_before: 2027-05-04}\n"
        "- {at: 2027-05-02 09:00+02:00, accounts: x, text: Long before, not_before: 2027-05-05 09:00}\n"
        "- {id: c, at: 2027-05-01 10:00+02:00, accounts: x, text: Until, repeat: {every: day, until: fair}}\n",
    ),
    "a parameter has the name of a series and of a stored post": _calendar(
        f"{_FEW}utm: {{campaign: '{{id}}'}}\nutm_hosts: [e.com]\ndefaults: {{accounts: x}}\n",
        "id: a, evergreen: {every: 4w}, text: 'https://e.com/a'",
        "use: a, at: 2027-05-01 09:00",
        "id: b, at: 2027-05-02 09:00, text: 'https://e.com/b', repeat: {every: week, times: 2}",
        "at: 2027-05-04 09:00, text: 'https://e.com/c'",
    ),
    "a series whose first day is not certain": _calendar(
        _FEW,
        "id: a, at: 2027-05-01 09:00, at: 2027-05-02 09:00, accounts: x, text: A, repeat: {every: day, times: 3}",
        "id: b, at: 2027-05-01 09:00, accounts: x, text: B, repeat: {every: day, times: 3}",
        "repeat, id: c, at: 2027-05-01 10:00, accounts: x, text: C",
    ),
    "posts in the settings are none": _calendar(
        f"{_FEW}posts:\n- {{{_AT}, accounts: x, text: There}}\n", f"{_AT}, accounts: x, text: Here"
    ),
    "a time of day of its own instead of that of a date": _calendar(
        f"{_FEW}dates: {{talk: 2027-05-20 14:30, fair: 2027-05-03}}\n",
        "id: a, at: 'talk 09:00-05:00', accounts: x, text: A",
        "id: b, at: talk, accounts: x, text: B",
        "id: c, at: 2027-05-01 10:00, accounts: x, text: C, repeat: {every: day, until: fair - 3 fortnights}",
        "id: d, at: 2027-05-01 11:00, accounts: x, text: D, repeat: {every: day, until: 2 weeks before fair}",
    ),
    "sums for days of a series and for dates that are twice": _calendar(
        f"{_FEW}dates: {{fair: 2027-05-03, talk: 7 days before fair, nil: null, nil: 2027-06-09}}\n",
        "id: a, at: 2027-05-01 10:00, accounts: x, text: A, repeat: {every: day, times: 9, except: [fare + 1d, 2 days before fair, fair by 3, fair - 3 fortnights]}",
        "id: b, at: 2027-05-01 11:00, accounts: x, text: B, repeat: {every: day, until: fare + 1d}",
        "id: c, at: 2 days before nil, accounts: x, text: C",
    ),
    "the day of a use is that of its file": _calendar(
        _FEW,
        "id: a, evergreen: {every: 4w}, accounts: x, text: A",
        "use: a, at: 2027-05-01 23:30", "use: a, at: 2027-06-01 23:30Z", "use: a, at: '2027-07-01 00:30+05:00'", "use: a, at: 2027-08-01 00:30",
    ),
    "times that are nearly right": _calendar(
        _FEW,
        *(f"at: '{at}', accounts: x, text: T" for at in ("0001-02-30", "0000-02-03", "2027-03-00", "2027-03-02 09:00-10:00", "2027-03-02 09:00-09:45", "09:00-10:00", "Tue 09:00", "Tue  09:00", "Tueyay 2027-03-02 09:00", "Tues 2027-03-02 09:30", "Xyz 2027-03-02 09:00")),
    ),
    "a share is on all accounts but some": _calendar(
        SETTINGS,
        f"{_AT}, accounts: facebook, text: A, share: {{accounts: [all, -x, -bluesky], after: 2h}}",
        "at: 2027-03-03 09:00, accounts: facebook, text: B, share: {accounts: [words, -nobody]}",
        "at: 2027-03-04 09:00, accounts: facebook, text: C, auto_delete: {hide: true}",
    ),
    "what is said twice of a post is not known": _calendar(
        _FEW,
        f"{_AT}, accounts: x, text: A, note: For us, note: For you",
        "at: 2027-03-03 09:00, accounts: x, text: B, when_live: 'https://e.com/a', when_live: 'https://e.com/b'",
        "at: 2027-03-04 09:00, accounts: x, text: C, note: For us, when_live: 'https://e.com/a'",
        "at: 2027-03-05 09:00, accounts: x, text: D, when_live: true, link: 'https://e.com/d'",
    ),
    "what is missing may be in a folder that is missing": _calendar(
        f"{_FEW}media: [../nowhere]\n",
        f"{_AT}, accounts: x, text: A, media: [{{file: lamp.png, alt: A}}]",
        "at: 2027-03-03 09:00, accounts: x, text: B, media: [{file: ../../../../outside.png, alt: B}]",
    ),
    "networks by other names": _calendar(
        f"{_FEW.replace('linkedin: Us', 'linkedin: Us, facebook: Page, shop: Shop, Bluesky: bluesky/Sky')}groups: {{words: [x]}}\n",
        *(
            f"at: 2027-03-{day} 09:00, accounts: x, text: T{day}, networks: {{{name}: {{text: Other}}}}"
            for day, name in enumerate(("LinkedIn", "fb", "wordpress_basic", "bsky", "words", "shop", "linkdin", "Words", "Twitter", "Bluesky"), 10)
        ),
    ),
    "a group with another word of a network as its name": _calendar(
        f"{_FEW}groups: {{Twitter: [x, linkedin]}}\n", f"{_AT}, accounts: x, text: A, networks: {{Twitter: {{text: Other}}}}"
    ),
    "days of a stored post": _calendar(
        f"{_FEW}dates: {{fair: 2027-05-03}}\n",
        *(
            f"id: {name}, accounts: x, text: {name}, evergreen: {{every: 8w, from: {first}, until: {last}}}"
            for name, first, last in (("a", "9/5/27x", "9/5/27x"), ("b", "fair - 3 fortnights", "fair by 3"), ("c", "May 3 2027", "3 June 2027"))
        ),
    ),
    "three posts of one name": _calendar(
        _FEW, *(f"id: a, at: 2027-05-0{number} 10:00, accounts: x, text: A{number}" for number in (1, 2, 3)), "id: a-3, at: 2027-05-04 10:00, accounts: x, text: B"
    ),
    "a list of dates takes none away": _calendar(
        f"{_FEW}dates: {{fair: 2027-05-03}}\n", "id: a, at: fair 09:00, accounts: x, text: A", head="dates: [fair]\n"
    ),
    "a date with a time needs a time zone": _calendar(
        "accounts: {x: Me}\ndates: {talk: 2027-05-20 14:30}\n", "id: a, at: talk, accounts: x, text: A"
    ),
    "keys without a value, wherever they are": {
        "publer.yaml": _FEW,
        "a.yaml": f"""posts:
- {_AT}
  accounts:
  - account: x
    title:
  - linkedin
  text: Hi
  labels:
  networks:
    linkedin: {{labels: [a]}}
    x:
- at: 2027-03-03 09:00
  accounts: x
  text: Hi again
  title: ""
  note: |
""",
    },
    "posts without an id that count from a date": _calendar(
        f"{_FEW}dates: {{fair: 2027-05-03}}\n",
        "at: fair 09:00, accounts: x, text: Once",
        "at: 2 May 2027 9am +10:00, accounts: x, text: Abroad",
        "at: fair 10:00, accounts: x, text: Again, repeat: {every: week, times: 2}",
        "id: a, id: b, at: fair 11:00, accounts: x, text: Two ids",
    ),
    "what is written once and said again with more": {
        "publer.yaml": _FEW,
        "a.yaml": f"""posts:
- {_AT}
  accounts: x
  text: One
  media:
  - &photo {{url: 'https://e.com/a.png', alt: A}}
- {_AT}
  accounts: linkedin
  text: Two
  media:
  - {{<<: *photo, caption: C}}
""",
    },
    "what comes below is said for an account or its network": _calendar(
        "timezone: Europe/Oslo\naccounts: {me: x/Me, us: linkedin/Us, url: facebook/Page, shop: Shop}\nappend: {facebook: Faces}\n",
        f"{_AT}, accounts: [me, us, shop], text: Words", f"{_AT}, accounts: url, text: Words, link: {{url: 'https://e.com'}}",
        head="append: {linkedin: Ours, twitter: Mine, shop: Sale}\n",
    ),
}  # fmt: skip
