"""Calendars for `told`: what their posts are, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS: Final = """timezone: Europe/Oslo
time: 09:00
accounts:
  facebook: Page
  x: Me
  linkedin: Us
  bluesky: Sky
groups: {words: [x, bluesky], all_pages: [facebook, linkedin]}
dates: {fair: 2027-05-01, talk: 2027-05-20 14:30, summer: Mon 2027-06-21}
"""


def posts(*lines: str) -> str:
    """A post a line, on x where nothing else is said."""
    return "posts:\n" + "".join(
        f"- {{{line}{'' if 'accounts:' in line or 'use:' in line else ', accounts: x'}, text: T{number}}}\n"
        for number, line in enumerate(lines, 1)
    )


TIMES: Final = posts(
    "at: 2027-03-01", "at: 2027-03-01 9:30", "at: Mon 2027-03-01 10:00", "at: 'Tue 2027-03-01 11:00'",
    "at: 2027-03-02T09:00:00+01:00", "at: 2027-03-02 10:00-05:00", "at: 2027-03-28 02:30", "at: 2027-10-31 02:30",
    "at: 2027-10-31 02:30+01:00", "at: 2027-02-29", "at: 2027-13-01", "at: 1.3.2027", "at: 03/01/2027",
    "at: 2027-03-03 9pm", "at: 2027-03-03 24:00", "at: 2027-03-03 09:61", "at: tomorrow", "at: next",
    "at: next 10:00", "at: 10:00", "at: fair", "at: fair 10:00", "at: fair - 1d", "at: fair + 2d 08:00",
    "at: fair - 3w", "at: mon before fair 12:00", "at: fri after fair", "at: talk", "at: talk - 2h", "at: talk + 90m",
    "at: talk - 1d", "at: fair - 2h", "at: fare - 1d", "at: fair - 1", "at: fair -1d", "at: fair minus 1d", "at: summer + 1m",
    "at: 3000-01-01", "at: 1999-01-01", "at: 2027-03-04 09:00, not_before: 2027-03-05",
    "at: 2027-03-04 10:00, not_before: fair - 60d", "at: 2027-03-04 11:00, not_before: fair", "at: 2027-03-04 12:00, not_before: x",
    "id: a, at: fair - 5d 10:15", "at: 2027-03-05 09:00 Europe/Berlin", "at: '2027-03-05 10:00 (noon)'", "at: null", "id: b",
    "at: 2027-W10-1", "at: 20270306", "at: 2027-3-6 9:5", "at: 2027-03-06 09.30", "at: Monday 2027-03-08 09:00",
    "at: 2027-03-08 09:00:30", "at: 2027-03-08 10:00Z", "at: 2027-03-08 11:00+25:00", "at: 2027-03-08 12:00+1",
)  # fmt: skip
NO_ZONE: Final = {
    "publer.yaml": "accounts: {x: Me}\n",
    "a.yaml": posts("at: 2027-03-01 09:00", "at: 2027-03-01 10:00+01:00", "at: 2027-03-02"),
    "b.yaml": "timezone: Asia/Tokyo\ntime: 08:15\n" + posts("at: 2027-03-03", "at: 2027-03-04 09:00"),
    "c.yaml": "timezone: Europe/Olso\n" + posts("at: 2027-03-05 09:00"),
    "d.yaml": "timezone: CET\ntime: 25:00\n" + posts("at: 2027-03-06"),
    "f.yaml": posts("at: date", "at: date + 1d 09:00"),
    "e.yaml": "dates: {own: 2027-04-01, fair: 2027-04-02, 'x y': 2027-04-03, bad: soon}\n"
     "timezone: UTC\n" + posts("at: own 10:00", "at: fair", "at: bad"),
}  # fmt: skip


def repeated(*rules: str) -> str:
    return "posts:\n" + "".join(
        f"- {{id: s{number}, at: {at}, accounts: x, text: S{number}, repeat: {{{rule}}}}}\n"
        for number, (at, _, rule) in enumerate((each.partition(" | ") for each in rules), 1)
    )


REPEATS: Final = repeated(
    "2027-03-01 09:00 | every: day, times: 3", "2027-03-01 10:00 | every: 2d, until: 2027-03-07",
    "2027-03-01 11:00 | every: week, times: 3, except: [2027-03-08]", "2027-03-01 12:00 | every: week, days: [tue, thu], times: 3",
    "2027-03-01 13:00 | every: 2w, days: [mon, wed], until: 2027-03-31", "2027-01-31 14:00 | every: month, times: 4",
    "2027-01-30 15:00 | every: 2m, until: 2027-08-01", "2027-03-01 16:00 | every: year, times: 2",
    "2027-03-01 17:00 | every: week", "2027-03-01 18:00 | times: 3", "2027-03-01 19:00 | every: fortnight, times: 2",
    "2027-03-01 20:00 | every: week, times: 3, until: 2027-04-01", "2027-03-01 21:00 | every: day, days: [mon], times: 2",
    "2027-03-02 09:00 | every: week, until: 2027-02-01", "2027-03-02 10:00 | every: week, until: soon",
    "2027-03-02 11:00 | every: week, times: 2, except: [2027-03-03]", "2027-03-02 12:00 | every: week, times: 2, except: [soon]",
    "2027-03-02 13:00 | every: week, days: [mon, mon], times: 2", "2027-03-02 14:00 | every: week, days: [monday], times: 2",
    "2027-03-02 15:00 | every: week, times: 1", "2027-03-02 16:00 | every: week, times: 0", "2027-03-02 17:00 | every: day, times: 2000",
    "fair 09:00 | every: week, times: 2", "fair - 7d 10:00 | every: week, until: fair + 14d", "talk - 1h | every: week, times: 2",
    "fair 11:00 | every: week, times: 3, except: [fair + 7d]", "2027-03-28 02:30 | every: day, times: 2",
    "2027-03-02 18:00 | every: 0d, times: 2", "2027-03-02 19:00 | every: week, times: 2, except: [2027-03-02, 2027-03-09]",
    "next | every: week, times: 2", "2027-03-02 | every: week, times: 2", "2027-03-03 09:00+02:00 | every: week, times: 2",
    "2027-03-02 17:30 | every: day, until: 2031-01-01", "2027-03-02 09:30+02:00 | every: week, days: [thu, fri], times: 2, except: [2027-03-04]",
    "fair 12:00 | every: week, days: [mon], times: 1", "fair 13:00 | every: week, times: 2, except: [fair + 1d, fair + 7d]",
    "2027-01-29 09:30 | every: month, times: 2",
) + """- {at: 2027-03-20 09:00, accounts: x, text: No id, repeat: {every: week, times: 2}}
- id: own
  at: 2027-03-20 10:00
  accounts: [x, {account: linkedin, at: 11:30}, {account: facebook, at: 2027-03-21}]
  text: Own times
  repeat: {every: week, times: 2}
- {id: list, at: 2027-03-20 12:00, accounts: x, text: List, repeat: [week]}
- {id: word, at: 2027-03-20 13:00, accounts: x, text: Word, repeat: week}
- {id: typo, at: 2027-03-20 14:00, accounts: x, text: Typo, repeat: {evry: week, times: 2}}
"""  # fmt: skip

ACCOUNTS: Final = """accounts: [x, linkedin]
posts:
- {at: 2027-03-01 09:00, text: Of the file}
- {at: 2027-03-01 10:00, accounts: words, text: A group}
- {at: 2027-03-01 11:00, accounts: all, text: All}
- {at: 2027-03-01 12:00, accounts: [all, -x], text: But one}
- {at: 2027-03-01 13:00, accounts: [words, x], text: Twice}
- {at: 2027-03-01 14:00, accounts: [x, -x], text: None}
- {at: 2027-03-01 15:00, accounts: [-x], text: Only less}
- {at: 2027-03-01 16:00, accounts: nobody, text: Unknown}
- {at: 2027-03-01 17:00, accounts: [linkdin, x], text: Nearly}
- {at: 2027-03-01 18:00, accounts: [], text: Empty}
- {at: 2027-03-01 19:00, accounts: twitter, text: A network}
- {at: 2027-03-01 20:00, accounts: [all, -words, -nobody], text: Less}
- at: 2027-03-02 09:00
  accounts:
  - {account: x, text: Own}
  - {account: words, labels: [w]}
  - {account: linkedin, at: 10:30, title: T, draft: true}
  - {account: facebook, media: null, link: https://example.com/own}
  - {text: No account}
  text: For each
  link: https://example.com/a
  labels: [p]
- at: 2027-03-02 12:00
  accounts: all
  text: By network
  labels: [a, b]
  networks:
    twitter: {text: For X, labels: [x]}
    linkedin: {at: 13:00, labels: null}
    instagram: {text: Nobody reads}
    fb: {text: For the page}
    mastodon: null
- {at: 2027-03-02 14:00, accounts: x, text: A, networks: {x: [a]}}
- {at: 2027-03-02 15:00, accounts: x, text: A, networks: {nowhere: {text: b}}}
- {at: 2027-03-02 18:00, accounts: x, text: N, networks: {x: {reply_settings: null}}}
- {at: 2027-03-02 19:00, accounts: x, text: N, networks: {x: {reply_settings: following}}}
- {at: 2027-03-02 20:00, accounts: [x, {account: linkedin, at: next}], text: Next}
- {at: next, accounts: [x, {account: linkedin, at: 10:00}, {account: facebook, at: 2027-03-03 10:00}], text: Next}
- {at: next, accounts: [x, {account: linkedin, at: 10:00}], text: Waits}
- {at: 2027-03-02 16:00, accounts: {x: y}, text: A map}
- {at: 2027-03-02 17:00, accounts: 5, text: A number}
- {use: tip, at: 2027-03-04 09:00}
"""

LAYERS: Final = {
    "publer.yaml": SETTINGS
    + """defaults: {labels: [all], title: Of all, networks: {linkedin: {labels: [li], draft: true}}, accounts: x}
append: {linkedin: Follow us, x: null}
hashtags: {core: [lamp, light], more: [Oslo]}
utm: {source: publer, medium: social, campaign: '{id}', content: '{network}-{id}'}
utm_hosts: [example.com]
ignore: {text.none: by settings}
""",
    "a.yaml": """defaults: {labels: [file], hashtags: [core]}
append: {bluesky: Below}
utm: {campaign: spring}
posts:
- {id: one, at: 2027-03-01 09:00, text: One}
- {id: two, at: 2027-03-01 10:00, accounts: all, text: "See https://example.com/a?b=c and https://other.example/x", labels: [own]}
- {id: three, at: 2027-03-01 11:00, accounts: linkedin, text: Three, append: null, hashtags: [more], utm: null, title: null, labels: null}
- {id: four, at: 2027-03-01 12:00, accounts: words, text: Four, hashtags: [core, more, none, cor], append: {x: Only here}}
- {id: five, at: 2027-03-01 13:00, accounts: x, text: "Five #lamp", hashtags: [core], link: "https://sub.example.com/q#part"}
- {id: six, at: 2027-03-01 14:00, accounts: x, text: Six, utm: {source: mail, term: t, content: ' '}, ignore: {text.again: why, x.y: null, x.z: ' '}, link: https://example.com/six}
- {at: 2027-03-01 15:00, accounts: facebook, text: "Seven {brace} https://example.com", link: {url: https://example.com/c, title: C}}
- {id: eight, at: 2027-03-01 16:00, accounts: x, text: "https://EXAMPLE.com:8080/p?utm_source=own"}
""",
}

CONTENT: Final = """accounts: [facebook, linkedin]
posts:
- {at: 2027-03-01 09:00, text: L, link: https://example.com}
- {at: 2027-03-01 10:00, text: L, link: {url: https://example.com, title: T, description: D, image: pixel.png, call_to_action: LEARN_MORE}}
- {at: 2027-03-01 11:00, text: L, link: {title: no url}}
- {at: 2027-03-01 12:00, text: L, link: example.com}
- {at: 2027-03-01 13:00, text: M, media: [{file: pixel.png}]}
- {at: 2027-03-01 14:00, text: M, media: [{file: pixel.png, alt: ""}, {file: /pixel.png, alt: A, caption: C}]}
- {at: 2027-03-01 15:00, text: M, media: [{url: https://example.com/a.mp4, thumbnail: pixel.png}]}
- {at: 2027-03-01 16:00, text: M, media: [{id: 63c675e94e299e9cf2b667ec, alt: A}]}
- {at: 2027-03-01 17:00, text: M, media: [{file: none.png}, {file: pixel.png, url: https://example.com/a.png}, {alt: only}]}
- {at: 2027-03-01 18:00, text: M, media: [{url: "https://example.com/b.jpg"}, {file: "../outside.png"}, {file: /etc/passwd}, {file: pixel.PNG}, {file: "https://example.com/c.png"}, {url: pixel.png}, {id: x}]}
- {at: 2027-03-01 19:00, accounts: x, text: P, poll: {options: [A, B], duration: 1d, question: Q}}
- {at: 2027-03-01 20:00, accounts: x, text: P, poll: {options: [A], duration: 9w}}
- {at: 2027-03-02 09:00, accounts: x, text: P, poll: [A, B]}
- {at: 2027-03-02 10:00, accounts: words, text: "1", thread: [{text: "2"}, {text: "3", media: [{file: pixel.png}]}, {media: [{file: pixel.png}]}]}
- {at: 2027-03-02 11:00, text: C, comments: [{text: a}, {text: b, after: 2h, language: en}, {after: 1h}]}
- {at: 2027-03-02 12:00, text: C, comments: a}
- {at: 2027-03-02 13:00, text: S, share: {accounts: [linkedin], after: 2h, text: Look}}
- {at: 2027-03-02 14:00, text: S, share: {accounts: words, after: soon}}
- {at: 2027-03-02 15:00, text: D, auto_delete: {after: 2w, hide: true}}
- {at: 2027-03-02 16:00, text: D, auto_delete: 3d}
- {at: 2027-03-02 17:00, text: D, draft: true, note: For us, labels: [a, a, b], type: link, title: T}
- {at: 2027-03-02 18:00, text: D, draft: yes, type: nonsense}
- {at: 2027-03-02 19:00, draft: true}
- {at: 2027-03-02 20:00, text: " Padded \\n\\n ", signoff: kari, when_live: true, link: https://example.com/live}
- {at: 2027-03-03 09:00, text: W, when_live: https://example.com/b, ignore: {text.again: ""}}
- {id: dup, at: 2027-03-03 10:00, text: One}
- {id: dup, at: 2027-03-03 11:00, text: Two}
- {id: "bad id", at: 2027-03-03 12:00, text: Three}
- {id: 5, at: 2027-03-03 13:00, text: Four, texts: x, Text: y, hashtag: core}
- {at: 2027-03-03 14:00, text: [a, b]}
- {at: 2027-03-03 15:00, text: {a: b}}
- {at: 2027-03-03 16:00, text: 5}
- {at: 2027-03-03 17:00, text: One, two,
   three, labels: [a]}
- {at: 2027-03-03 18:00, text: One, two, labels: [a], note: three, four}
- null
- words alone
- {at: 2027-03-04 09:00, text: M, media: [{file: a.png, alt: A}]}
- {at: 2027-03-04 10:00, text: M, media: [{file: lamp, alt: A}]}
"""

STORED: Final = {
    "tips.yaml": """accounts: [x, linkedin]
posts:
- {id: tip, evergreen: {every: 4w, times: 3, from: 2027-03-01, until: 2027-12-31}, text: A tip, labels: [tip]}
- id: many
  evergreen: {every: 1w}
  media: [{file: pixel.png, alt: A}]
  variants: [{text: One}, {text: Two, networks: {x: {text: Two for X}}}, {text: Three, draft: true}]
- {use: tip, at: 2027-07-05 09:00, labels: [here], title: null}
- {id: wrong, evergreen: {every: soon, times: 0}, text: W}
- {id: dated, evergreen: {every: 2w}, at: 2027-03-01 09:00, text: D}
- {evergreen: {every: 2w}, text: No id}
- {id: bare, evergreen: null, text: B}
- {id: plain, at: 2027-03-01 09:00, text: Not stored}
- {id: late, evergreen: {every: 2w, from: soon, until: fair - 1d}, text: L}
- {id: odd, evergreen: {every: 2w, until: 2027-01-01, from: 2027-02-01}, text: O, variants: [], repeat: {every: week, times: 2}}
""",
    "uses.yaml": """timezone: America/New_York
posts:
- {use: tip, at: 2027-03-02 09:00}
- {use: tip, at: 2027-03-09 09:00, labels: [own], accounts: x}
- {use: tip, at: 2028-03-09 09:00}
- {use: tip, at: 2027-06-09 10:00, accounts: [facebook, x], text: Other words}
- {use: many, at: 2027-03-03 09:00}
- {use: many, at: 2027-03-12 09:00, variant: 2}
- {use: many, at: 2027-03-21 09:00, variant: 3, draft: null}
- {use: many, at: 2027-03-30 09:00, variant: 4}
- {use: many, at: 2027-03-30 09:00, variant: x}
- {use: tipp, at: 2027-03-04 09:00}
- {use: plain, at: 2027-03-05 09:00}
- {use: tip, at: fair - 1d 09:00}
- {use: tip, at: 2027-08-05 09:00, id: own, repeat: {every: week, times: 2}, evergreen: {every: 1w}}
- {use: wrong, at: 2027-03-06 09:00}
- {use: tip}
- {use: 5, at: 2027-03-07 09:00}
- {use: tip, at: 2027-09-05 23:30-05:00}
- {use: tip, at: 2027-09-31 09:00}
- {use: tip, at: next}
""",
}

BASE: Final = "timezone: Europe/Oslo\naccounts: {x: Me, linkedin: Us, facebook: Page}\n"
EACH_SETTINGS: Final[tuple[str, ...]] = (
    "", "\f\n", "timezone: Europe/Oslo\n", "accounts: {}\ntimezone: UTC\n", "accounts: [x]\ntimezone: UTC\n",
    "accounts: {x: Me, all: You}\ntimezone: UTC\n", "accounts: {x: Me, y: {name: Me, provider: twitter}}\ntimezone: UTC\n",
    "accounts: {x: Me, z: {name: You, provider: nowhere}}\ntimezone: UTC\n", "accounts: {x: {}, y: null, shop: A}\ntimezone: UTC\n", "accounts: {x: Me}\ntimezoen: UTC\n",
    "accounts: {x: twitter/Me, m: {name: me, provider: mastodon, max_characters: 800}, x2: {id: 63c675e94e299e9cf2b667ec, provider: x, max_characters: 9}}\ntimezone: UTC\n",
    "accounts: {x: Me, shop: {name: S, provider: facebook}}\ntimezone: UTC\nbudget: {shop: {posts: 3/day}, facebook: {links: 1/week}}\n",
    "accounts: {x: Me, shop: S}\ntimezone: UTC\nsignoff: [{by: kari, accounts: [shop, x]}]\npeople: {kari: Kari}\n", "accounts: {x: Me, shop: S}\ntimezone: UTC\nsignoff: [{by: kari, accounts: [x]}]\npeople: {kari: Kari}\n",
    "accounts: {x: Me, blog: {name: B, provider: wordpress_basic}, s: {name: S, provider: x, shared: true}}\ntimezone: UTC\n",
    *(
        f"{BASE}{line}\n"
        for line in (
            "time: 25:00", "time: 9", "time: 1730", "name: A\nworkspace: W", "workspace: 5", "nmae: A", "name: [a]",
            "groups: {words: [x, linkedin]}", "groups: {words: []}", "groups: {words: [nobody]}", "groups: {x: [linkedin]}",
            "groups: {all: [x]}", "groups: {a: [b], b: [a]}", "groups: {a: [x], b: [a, linkedin]}", "groups: {a: x}", "groups: {'a b': [x]}",
            "dates: {fair: 2027-05-01}", "dates: {fair: soon}", "dates: {next: 2027-05-01}", "dates: {mon: 2027-05-01}",
            "dates: {fair: fair - 1d}", "dates: {Fair: 2027-05-01, fair: 2027-05-02}", "dates: [fair]", "dates: {f: 2027-05-01 25:00}",
            "state: git:ledger", "state: git:", "state: ../ledger", "state_on_disk: maybe", "log: {who: true}", "log: {who: me}",
            "extends: none.yaml", "extends: ../outside.yaml", "extends: publer.yaml", "media: [../shared]", "media: [none]", "media: ..",
            "defaults: {labels: [a]}", "defaults: {labels: a}", "defaults: {at: 2027-03-01}", "defaults: {text: A}", "defaults: {networks: {x: {draft: true}}}",
            "append: {x: A}", "append: {nowhere: A}", "append: A", "hashtags: {core: [a, '#b', 'c d', '']}", "hashtags: [a]", "hashtags: {core: a}",
            "utm: {source: a, medium: '{network}'}", "utm: {source: '{nobody}'}", "utm: {sauce: a}", "utm_hosts: [example.com, 'https://a.example/b', '*.c.example']",
            "ignore: {text.again: why}", "ignore: {nothing.at.all: why}", "ignore: {text.again: ''}", "ignore: [text.again]",
            "prune: none", "prune: some", "edits: overwrite", "edits: never",
            "limits: {delete: 5, change: 10%}", "limits: {delete: -1}", "limits: {delete: many}", "limits: {freeze_minutes: 30, create: 500}", "limits: {frozen: 5}",
            "cadence: {x: 3/week}", "cadence: {x: 1-3/week, all: 5/week, nobody: 2/week}", "cadence: {x: often}", "cadence: {x: 3-1/week}",
            "cadence: {quiet: [sat, sunday], holidays: [2027-12-24, soon, fair]}", "cadence: {hours: 08:00-20:00}", "cadence: {hours: 20:00-08:00}",
            "cadence: {hours: {x: 08:00-20:00, all: 9-17}}", "cadence: {hours: 8}", "cadence: {quiet: sun, gap: 2h}", "cadence: {gap: 2}",
            "slots: {x: [mon 09:00, tue 17:30]}", "slots: {x: 09:00}", "slots: {x: [mon]}", "slots: {x: [09:00, 09:00]}", "slots: {nobody: [mon 09:00]}",
            "slots: {all: [daily 09:00, weekdays 10:00]}", "slots: {x: [mon 25:00]}", "slots: [mon 09:00]",
            "dates: {fair: 2027-05-01}\ncadence: {quiet: [sat], holidays: [2027-12-24, fair, fair + 1d, fare, 10:00], x: 3/week, all: 2-4/week, twitter: 2+/week, nobody: 1/week, linkedin: 4-2/week}",
            "groups: {most: [x, linkedin]}\ncadence: {all: 1/week, most: 5/week, linkedin: 2/week, hours: {linkedin: 08:00-20:00, all: 09:00-17:00, most: 10:00-18:00, nobody: 01:00-02:00}}",
            "groups: {most: [x, linkedin]}\nslots: {x: [tue 10:00, mon 8:00], most: [mon 09:00], all: [sun 23:59], linkdin: [mon 10:00]}",
            "requests: {from: [kari, 'org/team']}", "requests: {from: kari}", "requests: {to: kari}",
            "budget: {x: 30/month}", "groups: {most: [x]}\nbudget: {x: {posts: 30/month, links: 2/day}, facebook: {posts: 5/week}, most: {posts: 1/day}, nobody: {posts: 1/day}}",
            "budget: {x: {posts: 30, per: month}}", "budget: 30", "budget:\n  x:\n    posts: 3/day\nsignoff:\n- by: kari\n - by: ola", "defaults: {hashtags: {a: b}}", "budget: {x: {posts: 3/day}}\nprune: none\n#bun #rye",
            "words: [{never: cheap}]", "words: [{never: cheap, say: good value}]", "words: [{must: '#ad', labels: [paid]}]", "words: [{never: [cheap, '/ch(eap/', '/a+/'], say: {utilize: use, '/b(/': c}, must: ['#ad'], accounts: [x], labels: [' paid '], severity: error, why: 'Our  style'}]",
            "words: {rules: [{never: [a], accounts: [nobody, -x]}, {must: [b], accounts: [x, -x]}, {never: [c], accounts: [linkedin, nobody]}]}", "words: {rules: a}", "words: {rules: [{never: [a]}], replace: maybe}",
            "words: {never: [cheap]}", "words: [cheap]", "words: [{never: '(', pattern: true}]", "hosts: [example.com]", "hosts: example.com", "hosts: ['https://a.example/b']",
            "signoff: [{by: kari}]\npeople: {kari: Kari}", "signoff: [{by: kari, labels: [health], time: false}, {by: [ola, kari, ola], accounts: [x], all: true}]\npeople: {kari: Kari, ola: Ola}", "signoff: [kari]", "signoff: {by: kari}\npeople: {kari: Kari}",
            "signoff: [{labels: [a]}]", "signoff: [{by: kari, label: a}]\npeople: {kari: Kari}", "signoff: [{by: [karl, kari, nobody]}, {by: nobody}, {by: kari, accounts: [x, -x]}]\npeople: {kari: Kari}",

            "signoff: [{by: kari, accounts: [nobody, x]}]\npeople: {kari: Kari}", "signoff: [{by: kari, accounts: []}]\npeople: {kari: Kari}", "people: {kari: Kari Nordmann, ola: {name: Ola, email: ola@example.com}}", "people: [kari]",
            "hold: {accounts: [x]}", "hold: {labels: [a], accounts: nobody}", "hold: true", "hold: {until: 2027-05-01}", "hold: {reason: 'A  storm', labels: [' a ', b]}", "hold: {reason: A storm, accounts: [x, nobody]}", "hold: {reason: A storm, accounts: [nobody]}", "hold: {reason: A storm, accounts: [x, -x]}",
            "pages: [{files: ../blog/*.md, url: 'https://e.com/{slug}/'}]", "pages: [{files: ../blog/*.md}]", "pages: [{url: 'https://e.com'}]", "pages: ../blog",
            "at: 2027-03-01 09:00\ntext: A\nlabels: [a]", "posts: []", "posts:\n- {at: 2027-03-01 09:00, accounts: x, text: A, foo: 1}",
            "time: 2027-03-01", "hosts: []", "hosts: {own: [a.example], severity: warning}", "hosts: {own: [a.example], severity: error}", "hosts: {own: [a.example], own: [b.example]}",
            "hold: {reason: A, reason: B}", "hold: {reason: A storm, accounts: [x, -nobody, '-x linkedin']}", "groups: {a: [x, -b], b: [linkedin, -a]}", "hold: {reason: A storm, accounts: [x, '-nobody', -linkdin, '-facebok']}",
            "words: [{never: [a], never: [b]}, {never: [c]}]", "words: {rules: [{never: [a]}], replace: true, replace: false}", "words: {rules: [{never: [a]}], rules: [{never: [b]}]}", "words: {replace: true}",
            "signoff: [{by: kari, by: ola}, {by: ola}]\npeople: {kari: Kari, ola: Ola}", "people: {kari: Kari, kari: Karin}",
            "budget: {x: {posts: 1/day}, x: {posts: 2/day}, linkedin: {links: 1/day}}", "cadence: {holidays: [2027-12-24], holidays: [2027-12-25]}", "cadence: {x: 1/week, x: 2/week, linkedin: 3/week}",
            "dates: {fair: soon}\ncadence: {holidays: [fair, 2027-12-24]}", "cadence: {hours: {x: 08:00-20:00, x: 09:00-17:00, linkedin: 10:00-11:00}}", "cadence: {instagram: 1/week}",
            "slots: {x: [mon 09:00], x: [tue 09:00], linkedin: [wed 09:00]}", "groups: {words: [x, 5]}", "groups: {a: [5, b], b: [a, linkedin]}", "groups: {a: [b, c], b: [a], c: [x]}", "groups: {a: ['x, linkedin', -]}",
            "utm: {source: ' ', medium: social}", "workspace: A\nworkspace: B", "extends: publer.yaml\nextends: none.yaml", "timezone: UTC\ntime: 09:00",
            "words: [{never: [a], labels: [paid]}]", "requests: {from: [kari], from: [ola]}", "hold: {reason: 5}", "hashtags: {core: [a], core: [b]}",
            "budget: {x: null, linkedin: {posts: null, links: 1/day}}", "cadence: {x: null, linkedin: 1/week, holidays: null, quiet: null}", "slots: {x: null, linkedin: [mon 09:00]}", "requests: {from: null}",
            "limits: {change: null, delete: null, freeze_minutes: 0}", "words: [{never: [a], labels: null, why: null}]", "budget: {far: {posts: 1/day}}", "cadence: {x: 2-2/week}", "groups: {a: [x], b: [x]}\ncadence: {a: 1/week, b: 2/week}", "name: ' '\nworkspace: ' '",
            "requests: {from: ['@Kari', ola]}", "groups: {two: 'x,, linkedin'}", "groups: {two: [5, [a], {b: c}, 2027-01-01, true]}", "groups: {two: [5, [a], two, {b: c}], three: [[a], {two: x}, two, three]}",
            "media: ../shared\n#bun", "groups:\n  two: >-\n    x,\n    linkedin",
        )
    ),
    "timezone: UTC\naccounts: {x: Me, x: Us}\ngroups: {two: [nobody]}", "timezone: UTC\naccounts: {x: Me, shop: S}\ncadence: {foo: 3/week}", "timezone: UTC\naccounts: {wordpress: Blog, t: {name: T, provider: wordpress}}",
    "timezone: Asia/Tokyo\naccounts: {x: Me}\ndates: {dawn: 2027-05-01 06:00, dusk: 2027-05-03 20:00}\ncadence: {holidays: [dawn, dusk]}",
    "timezone: UTC\naccounts: {x: Me, shop: facebook/S, stand: facebook/T}\ncadence: {facebook: 3/week, stand: 1/week, linkedin: 2/week}\nslots: {facebook: [mon 09:00]}",
    "timezone: UTC\naccounts: {x: Me, shop: S}\nbudget: {shop: {posts: 1/day}}", "timezone: UTC\naccounts: {x: Me, y: [a]}\ncadence: {z: 3/week}", "timezone: UTC\naccounts: {x: Me, y: x/}", "timezone: Olso\naccounts: {x: Me}", "timezone: UTC\naccounts: {x: Me}\ntime: 9am", "timezone: UTC\naccounts: {x: Me, y: You}\nhold: {reason: A, accounts: x y}", "timezone: UTC\naccounts: {x: Me, y: {name: Y, max_characters: 9}}",
    "timezone: UTC\naccounts: {x: Me, y: {name: Y, provider: mastodon, max_characters: 900, max_characters: 800}}",
    "timezone: UTC\naccounts: {x: {id: 63c675e94e299e9cf2b667ec}, y: {id: 63c675e94e299e9cf2b667ec}, v: V, w: V}",
)  # fmt: skip
"""Each instead of publer.yaml, beside a post on x."""

PAGES: Final = {
    "shared.yaml": """dates: {party: 2027-06-04}
groups: {everyone: [x, linkedin]}
defaults: {labels: [shared], draft: true}
append: {linkedin: From all of us}
hashtags: {core: [team]}
utm: {source: team}
words: [{never: cheap}]
ignore: {text.again: shared}
posts: []
""",
    "calendar/extra.yaml": posts(
        "id: p, at: party - 1d 09:00, accounts: everyone",
        "at: 2027-06-07 09:00, accounts: linkedin, draft: null, labels: null",
    ),
    "calendar/publer.yaml": SETTINGS.replace("bluesky: Sky", "bluesky: Sky\n  shop: Shop")
    + """extends: ../shared.yaml
defaults: {accounts: linkedin}
pages:
- {files: ../blog/**/*.md, url: 'https://e.com/{year}/{slug}/', key: social, date_key: date}
- {files: ../toml/*.md, url: 'https://e.com/{slug}'}
- {files: ../../outside/*.md, url: 'https://e.com/{slug}'}
- {files: '../notes/[!_]?/p*.md', url: 'https://e.com/n/{slug}', key: post, date_key: day}
- {files: ../none/*.md, url: [a]}
""",
    "blog/one.md": "---\ntitle: One\nyear: 2027\ndate: 2027-04-06\nsocial:\n- {at: date + 1d 09:00, text: 'Read {title}'}\n---\nWords\n",
    "blog/two/index.md": """---
title: Two
year: 2027
image: two.png
date: 2027-04-08 10:00
social:
- {id: a, at: date, text: A}
- {at: date + 1d, text: B}
- {id: c, at: date - 1d, text: 'C {nobody} {{brace}} {titel}', link: https://other.example}
- {id: d, at: 2027-04-20 09:00, accounts: x, text: D, poll: {options: [A, B], duration: 1d}}
- {id: e, at: 2027-04-24 09:00, accounts: [x, shop], text: E}
---
""",
    "blog/two/two.png": "no picture",
    "blog/2027-04-09-three.md": "---\nyear: 2027\nsocial:\n- at: date + 2d 10:00\n  text: {title}\n---\n",
    "blog/four.md": "---\nyear: 2027\nsocial: words\n---\n",
    "blog/five.md": "---\nyear: 2027\nsosial:\n- {at: 2027-04-10, text: Five}\n---\n",
    "blog/near.md": "---\nyear: 2027\nsocials: [a, b]\nsocial_by: {at: x}\n---\n",
    "blog/six.md": "---\nyear: 2027\ndraft: true\nsocial:\n- {at: 2027-04-10, text: Six}\n---\n",
    "blog/_drafts/seven.md": "---\nyear: 2027\nsocial:\n- {at: 2027-04-10, text: Seven}\n---\n",
    "blog/eight.md": "---\nsocial:\n- {at: 2027-04-11 09:00, text: Eight}\n---\n",
    "blog/nine.md": "---\nyear: 2027\ndate: soon\nsocial:\n- {at: date, text: Nine}\n---\n",
    "blog/ten.md": "---\nyear: 2027\ndate: soon\nsocial:\n- {at: 2027-04-12 09:00, text: Ten}\n---\n",
    "blog/eleven.md": "---\nyear: 2027\nimage: /img/e.png\nslug: /élève/\nsocial:\n- {at: 2027-04-13 09:00, text: Eleven}\n---\n",
    "blog/twelve.md": "---\nyear: [2027\nsocial:\n- {at: 2027-04-14 09:00, text: Twelve}\n---\n",
    "blog/thirteen.md": "---\nyear: [2027\n---\nNo posts.\n",
    "blog/fourteen.md": "No front matter\n",
    "blog/fifteen.md": "---\nyear: 2027\npublished: false\nsocial:\n- {at: 2027-04-10, text: Fifteen}\n---\n",
    "blog/own.md": "---\nyear: 2027\nimage: none.png\nsocial:\n- {at: 2027-04-15 10:00, text: Own, link: https://other.example}\n---\n",
    "notes/ab/pé 1.md": "---\nday: Apr 6, 2027\nimage: ../p.png\npost:\n- {at: date + 1d 09:00, accounts: x, text: 'A {slug}', when_live: false, link: {title: T}}\n---\n",
    "notes/ab/p2.md": "---\nday: 2027-04-06T10:00:00Z\nimage: //cdn.example/p.png\ndraft: false\npost: {at: date, text: One}\n---\n",
    "notes/ab/p3.md": "---\nday: 25:00\nimage: ' '\npost:\n- {at: 10:00, text: 'B', networks: {x: {at: 'day + 1d'}, linkedin: {at: date - 1d}}}\n---\n",
    "notes/ab/p4.md": "---\npost:\n- at: 2027-04-17 09:00\n  text: {title} is here\n---\n",
    "notes/ab/p5.md": "---\nday: 2027-04-06T10:00:00Z\npost:\n- {at: date + 2h, text: C, media: [{file: p.png}]}\n- words\n---\n",
    "notes/_b/p6.md": "---\npost:\n- {at: 2027-04-17 09:00, text: D}\n---\n",
    "notes/abc/p7.md": "---\npost:\n- {at: 2027-04-17 09:00, text: E}\n---\n",
    "notes/ab/q8.md": "---\npost:\n- {at: 2027-04-17 09:00, text: F}\n---\n",
    "blog/lost.md": "---\nyear: 2027\nsocial:\n- {id, at: 2027-04-21 09:00, text: Lost}\n- {id: found, at: 2027-04-21 10:00, text: Found}\n---\n",
    "blog/live.md": "---\nyear: 2027\nsocial:\n- {when_live, id: w, at: 2027-04-22 09:00, text: Live}\n---\n",
    "blog/anchor.md": "---\nyear: 2027\ntitle: &rye Bread\nsocial:\n- {at: 2027-04-23 09:00, text: &bun Bread}\n---\n",
    "blog/привет.md": "---\nyear: 2027\nprice: 1.10\nnew: true\nsocial:\n- {at: 2027-04-15 09:00, text: '{price} {new}'}\n---\n",
    "toml/one.md": """+++
title = "TOML"
price = 1.50
date = 2027-04-06
new = true # yes
at = "not a post"

[[social]]
id = "toml"
at = "date + 3d 09:00"
text = "Read {title} for {price}"
labels = ["a", "b"]

[social.networks.x]
text = "For X"

[[social]]
at = "2027-04-16 09:00"
text = "Second"
nmae = "typo"

[extra]
more = 1
+++
Words
""",
    "toml/four.md": """+++
"title" = "Four"
[params]
social = "not here"
[[params.social]]
at = "nor here"
[[social]]
id = "four-a"
at = 2027-04-18 09:00:00
text = "A"
repeat = { every = "soon" }
media = [{ file = "none.png" }]
[[social]]
id = "four-b"
at = 2027-04-19
text = "B"
labels = 5
+++
""",
    "toml/two.md": "+++\ntitle = \n[[social]]\nat = 5\n+++\n",
    "toml/three.md": '+++\n[social]\nat = "2027-04-17 09:00"\n+++\n',
}
MARKDOWN: Final = {
    "a.md": "---\nid: a\nat: 2027-03-01 09:00\naccounts: [x, linkedin]\nlabels: [a]\n---\n\nWords\n\n- a list\n",
    "b.md": "at: 2027-03-01 10:00\naccounts: x\n\nNo fence\n",
    "c.md": "---\nat: 2027-03-01 11:00\naccounts: x\ntext: Both\n---\nWords\n",
    "d.md": "---\nat: 2027-03-01 12:00\naccounts: x\n",
    "e.md": "---\nat: 2027-03-01 13:00\naccounts: x\n---\n",
    "f.md": "---\nposts:\n- at: 2027-03-01 14:00\n---\nWords\n",
    "g.md": "---\nat: [\n---\nWords\n",
    "h.md": "\n\n---\nat: 2027-03-01 15:00\naccounts: x\n---\nWords\n",
    "i.md": "Only words\n",
    "j.md": "---\n- at: 2027-03-01 16:00\n---\nWords\n",
    "k.md": "---\nat: 2027-03-01 17:00\naccounts: x\nnetworks: {linkedin: {text: A}}\nuse: a\n---\nWords\n",
    "README.md": "Not a post\n",
    ".hidden.md": "Not a post\n",
    "sub/l.md": "---\nat: 2027-03-01 18:00\naccounts: x\n---\nWords\r\nwith other ends\r\n",
    "l.md": "***\n  at: 2027-03-01 23:00\n  accounts: x\n***\nWords\n",
    "m1.md": "---\nat: 2027-03-01 23:10\n\n# a note\naccounts: x\n---\nWords\n",
    "m2.md": "---\nat: 2027-03-01 23:20\naccounts: x\n---\nWords\n\n---\nNote: a line\n---\n\nCome\nat: 9 in the morning\n",
    "m.yml": posts("at: 2027-03-01 19:00"),
    "n.yaml": "",
    "o.yaml": "# only a comment\n",
    "p.yaml": "just words\n",
    "q.yaml": "- at: 2027-03-01 20:00\n  accounts: x\n  text: A list alone\n",
    "r.yaml": "at: 2027-03-01 21:00\naccounts: x\ntext: A post alone\n",
    "s.yaml": "posts:\n",
    "t.yaml": "accounts: x\n",
    "other/publer.yaml": SETTINGS,
    "other/u.yaml": posts("at: 2027-03-01 22:00"),
    "v.json": "{}",
}

SIGNED: Final = {
    "publer.yaml": SETTINGS
    + """signoff:
- {by: kari, labels: [health, ' care ']}
- {by: [ola, kari], accounts: x}
people: {kari: Kari Nordmann}
""",
    "a.yaml": """posts:
- {id: one, at: 2027-03-01 09:00, accounts: x, text: One, labels: [Health]}
- {id: two, at: 2027-03-02 09:00, accounts: linkedin, text: Two, labels: [care]}
- {id: three, at: 2027-03-03 09:00, accounts: linkedin, text: Three}
""",
    "approvals.yaml": """approvals:
- {post: one, by: kari, on: 2027-02-01, digest: 1234}
- {post: nobody, by: ola}
- words
- {post: [a]}
""",
}

HASHES: Final = """accounts: x #file
posts: #all
- {at: 2027-03-01 09:00, text: One} #lamp
- {at: 2027-03-01 10:00, text: Two #lamp #light}
- {at: 2027-03-01 11:00, text: "Three #lamp"} # a note
- at: 2027-03-01 12:00 #noon
  accounts: [x, linkedin] #both
  labels: [a, #b, c]
  text: Four #lamp
- at: 2027-03-01 13:00
  labels: [a, b] #c
  media: [{file: pixel.png, alt: A}] #picture
  link: {url: https://example.com} #there
  text: Five
    #lamp
- at: 2027-03-01 14:00
  labels:
  - a #first
  - #second
  #third
  poll: {options: [A, B], duration: 1d} #poll
  text: | #bar
    Six
    #lamp
  #after
- {at: 2027-03-01 15:30, text: a}
- at: 2027-03-01 15:45
  text: | # a note
- at: 2027-03-01 15:00 # Kari: not before noon
  text: 7 #8
  title: #none
- at: 2027-03-01 16:00
  text: Seven
  # a note
  media:
  - file: a #1.png
    alt: #lamp
"""

ODD: Final = {
    "shared.yaml": """timezone: Asia/Tokyo
timezone: Asia/Seoul
dates: {tokyo: 2027-06-04 10:00, gone: 2027-06-05, fest: 2027-06-06}
hashtags: {core: [shared], more: [lost], more: [found]}
words: [{never: [cheap], labels: [pard]}]
defaults: {labels: [' s ']}
""",
    "calendar/publer.yaml": SETTINGS.replace(
        "bluesky: Sky",
        "bluesky: Sky\n  shop: Corner shop\n  stand: facebook/Stand\n  far: {name: Far, provider: mars}",
    )
    + """extends: ../shared.yaml
hashtags: {longer: [own]}
words: [{never: [bad], labels: [paidd, s]}, {never: [worse], labels: [zzz]}]
people: {kari: Kari}
""",
    "calendar/a.yaml": """dates: {bad: soon, twice: 2027-06-07, twice: 2027-06-08, nil: null, nil: 2027-06-09, gone: null}
posts:
- {id: a1, at: tokyo, accounts: x, text: A1, labels: [paid]}
- {id: a2, at: twice 09:00, accounts: x, text: A2}
- {id: a3, at: nil 09:00, accounts: x, text: A3}
- {id: a4, at: gone 09:00, accounts: x, text: A4}
- {id: a5, at: bad 09:00, accounts: x, text: A5}
- {id: a6, at: bad 09:00, accounts: x, text: A6, repeat: {every: day, times: 2}}
- {id: a7, at: 2027-06-01 09:00, accounts: x, text: A7, repeat: {every: day, until: bad}}
- {id: a8, accounts: x, text: A8, repeat: {every: day, times: 2}}
- {id: a9, at: 2027-06-01 09:10, at: 2027-06-01 09:20, accounts: x, text: A9, repeat: {every: day, times: 2}}
- {id: [b1], at: 2027-06-01 09:30, accounts: x, text: B1, repeat: {every: day, times: 2}}
- {at: 2027-06-01 09:40, accounts: x, text: B2, not_before: 2027-06-02, not_before: 2027-06-03}
- {at: 2027-03-28 02:30, accounts: x, text: B3, not_before: 2027-06-03}
- {accounts: x, text: B4, networks: {x: {at: 10:00}}}
- {at: 2027-06-01 09:50, text: B5, networks: {linkedin: {text: B}}}
- {at: 2027-06-01 09:55, text: B6, accounts: []}
- {at: 2027-06-01 10:00, text: B7, accounts: [x, far], networks: {facebook: {text: B}}, share: {accounts: far}}
- {at: 2027-06-01 10:10, text: B8, accounts: shop, networks: {shop: {text: B}}}
- {at: 2027-06-01 10:20, text: B9, accounts: x, networks: {linkdin: {text: linkdin}, telegraph: {text: B}, mastodont: {text: B}}}
- {at: next, accounts: x, text: C1, poll: {options: [A]}}
- {at: 2027-06-01 10:30, accounts: 'x, , linkedin', text: C2}
- {id: c0, use: h5, at: next, accounts: [{account: x, at: 10:00+02:00}]}
- {at: 2027-06-01 10:40, accounts: x, text: C3, append: One, append: Two, hashtags: [core], utm: {source: ' ', medium: m}}
- {at: 2027-06-01 10:50, accounts: [x, facebook, shop], text: C4, link: {url: https://example.com/a, title: null}, labels: [' ', l]}
- {at: 2027-06-01 11:00, accounts: x, text: C5, media: [{file: ..}]}
- {at: 2027-06-01 11:10, accounts: facebook, text: C6, networks: {facebook: {location: ' '}}}
- at: 2027-06-01 11:20
  accounts: >
    x
    linkedin
  text: C7
- at: |
    1.6.2027 11:30
  accounts: x
  text: C8
- {id: c9, at: 2027-06-02 09:00, accounts: x, text: C9, repeat: {every: week, days: [mon], times: 1, except: [2027-06-07]}}
- {id: d1, at: 2027-05-31 09:00, accounts: x, text: D1, repeat: {every: month, times: 1, except: [2027-05-31]}}
- {id: d2, at: 2027-01-31 09:00, accounts: x, text: D2, repeat: {every: month, until: 2027-05-15}}
- {id: d3, at: 2027-01-31 10:00, accounts: x, text: D3, repeat: {every: 2 months, times: 2}}
- {id: d7, at: 2027-06-20 10:00, accounts: x, text: E1, repeat: {every: day, until: 2027-06-20}}
- {id: d8, at: 2027-01-30 11:00, accounts: x, text: E2, repeat: {every: month, until: 2027-05-01}}
- {id: d4, at: 9999-09-28 10:00, accounts: x, text: D4, repeat: {every: day, times: 5}}
- {id: d5, at: 10:00+01:00, accounts: x, text: D5, repeat: {every: day, times: 2}}
- {id: d6, at: 2027-06-01 11:40, accounts: x, text: D6, repeat: {every: week, until: Fest}}
- {at: some before fest 10:00, accounts: x, text: D7, share: {accounts: [far, x]}}
- {id: d9, at: 2027-05-01 10:00, accounts: x, text: D9, repeat: {every: day, times: 2}, networks: {x: {at: 20:00-05:00}}}
- {at: Fare - 1d, accounts: x, text: D8}
- {at: 2027-06-01 11:50, accounts: x, text: D9, media: [{file: MISSING}]}
""".replace("MISSING", "m" * 300 + ".png"),
    "calendar/b.yaml": """timezone: Europe/Olso
dates: {own: 2027-06-10 09:00}
posts:
- {id: e1, at: own, accounts: x, text: E1}
- {id: e2, at: 2027-06-02 09:00+02:00, accounts: x, text: E2, repeat: {every: day, times: 2}}
- {at: 2027-06-03 09:00+02:00, accounts: x, text: E3, not_before: 2027-06-03}
- {at: 2027-06-03 10:00+02:00, accounts: x, text: E4, hashtags: [lnoger]}
- {at: 2027-06-03 11:00+02:00, accounts: x, text: E5, hashtags: [more]}
""",
    "calendar/c.yaml": """timezone: Europe/Oslo
timezone: Europe/Berlin
hashtags: [core]
dates: null
posts:
- {id: f1, at: fair 09:00, accounts: x, text: F1}
- {at: 2027-06-04 09:00, accounts: x, text: F2}
- {at: 2027-06-04 10:00+02:00, accounts: x, text: F3, hashtags: null}
""",
    "calendar/e.yaml": """dates: {bad: soon}
defaults: {not_before: 2027-07-01, networks: {x: {at: 20:00-05:00}}}
posts:
- {at: 2027-06-07 09:00, accounts: x, text: I1, not_before: 2027-06-01, not_before: 2027-06-02}
- {use: h3, at: bad 09:00}
- {id: i4, at: 2027-07-09 09:00, accounts: stand, text: I4, append: {facebook: End}}
- {use: h5, at: 2027-07-06 09:00}
- {id: i3, at: 2027-07-04, accounts: x, text: I3, repeat: {every: day, times: 2}}
""",
    "calendar/sub/d.yaml": """defaults: {labels: [d]}
posts:
- {id: h5, evergreen: {every: 4w, from: 2027-07-06, until: 2027-07-06}, text: H5, labels: [h], accounts: x}
- {id: g1, evergreen: {every: 4w, from: 2027-03-01}, text: G1}
- {id: g2, evergreen: {every: 4w, every: 5w}, text: G2, accounts: x}
- {id: g3, evergreen: {every: 4w, until: 2027-03-01, until: 2027-04-01}, text: G3, accounts: x}
- {id: g4, evergren: {every: 4w}, text: G4, accounts: x}
- {id: [g5], evergreen: {every: 4w}, text: G5, accounts: x}
- {evergreen: {every: 4w}, at: 2027-06-05 09:00, text: G6, accounts: x}
- {id: g7, evergreen: {every: 4w}, at: [a], text: G7, accounts: x}
- {ids: g6, evergreen: {every: 4w}, text: G6, accounts: x}
- {use: g1, at: 2027-06-05 10:00, accounts: [x, linkedin]}
- {use: g1, at: 2027-06-06 10:00, accounts: x, variants: [{text: V}]}
- {use: g1, at: 2027-06-07 10:00, accounts: x, variant: 2}
- {use: g1, at: 2027-06-08 10:00, at: 2027-06-09 10:00, accounts: x}
- {use: g1, at: 2027-06-10 10:00, accounts: x, variant: a}
- {use: g1, at: 2027-06-11 10:00, accounts: x, id: h1}
- {use: h1, at: 2027-06-12 10:00, accounts: x}
- {id: h2, evergreen: {every: 1w}, text: H2, accounts: x, variants: [{text: null, text: V}, {text: W}]}
- {use: h2, at: 2027-06-13 10:00, variant: 2}
- {id: h3, evergreen: {every: 1w}, text: H3, accounts: x, variants: [{text: V}, words]}
- {use: h3, at: 2027-06-14 10:00}
- {at: 2027-06-05 11:00, accounts: x, text: H4, media: [{file: Pixel.png}]}
- at: 2027-06-05 12:00
  accounts: x
  text: H5
  media:
  - file:
      ../PIXEL.png
- {at: 2027-06-05 13:00, accounts: x, text: H6, variants: [{text: V}]}
- at: 2027-06-05 14:00
  accounts: x
  text: |""",
}

SCENES: Final[Mapping[str, Mapping[str, str]]] = {
    "times": {"a.yaml": TIMES},
    "zones": NO_ZONE,
    "series": {"a.yaml": REPEATS},
    "accounts": {"a.yaml": ACCOUNTS},
    "layers": LAYERS,
    "content": {"a.yaml": CONTENT, "notes": "Without an ending"},
    "stored": STORED,
    "files": MARKDOWN,
    "pages": PAGES,
    "signed": SIGNED,
    "hashes": {"a.yaml": HASHES},
    "odd": ODD,
}
