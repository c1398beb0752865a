"""Calendars for the scenes of `told`."""

from __future__ import annotations

from typing import Final

from tests.system.worlds import png

SETTINGS: Final = """timezone: Europe/Berlin
time: 09:00
accounts:
  x: {name: Me, provider: twitter}
  facebook: {name: Us, provider: facebook}
  linkedin: {name: We, provider: linkedin}
  bluesky: {name: me.example, provider: bluesky}
groups: {words: [x, bluesky], pages: [facebook, linkedin]}
dates: {launch: 2027-03-20}
cadence: {quiet: [sun], holidays: [2027-03-26]}
"""
ON: Final = """accounts: [x, linkedin]
posts:
- {id: one, at: 2027-03-02 09:00, accounts: x, text: One}
- {id: group, at: 2027-03-02 10:00, accounts: words, text: Group}
- id: list
  at: 2027-03-02 11:00
  accounts:
  - x                 # the person
  - linkedin
  text: List
  networks:
    linkedin: {text: For LinkedIn}
    x: {text: For X}
- id: less
  at: 2027-03-02 12:00
  accounts: [all, -bluesky]
  text: Less
- id: own
  at: 2027-03-02 13:00
  accounts:
  - account: x
    text: Own words
  - words
  text: Own
  networks: {bluesky: {text: For Bluesky}}
- {id: whole, at: 2027-03-02 14:00, text: Of the file}
- id: only
  at: 2027-03-02 15:00
  accounts: [words, -x]
  text: Only Bluesky
"""

SAYS: Final = """posts:
- id: plain
  at: 2027-03-02 09:00
  accounts: [x, facebook, linkedin]
  text: Plain words
- id: each
  at: 2027-03-02 10:00
  accounts:
  - facebook
  - {account: x, text: Own words for X}
  - linkedin
  text: Words for all
  networks: {linkedin: {text: Own words for LinkedIn, title: A title there}}
- id: full
  at: 2027-03-02 11:00
  accounts: [facebook, linkedin]
  text: Full
  title: Title
  link: {url: https://example.com/a, title: What it is}
  labels: [one, two]
  note: A note
  draft: true
  media:
  - {file: media/one.png, alt: One}
  - {url: https://example.com/two.png, alt: Two}
  comments:
  - {text: First, after: 1h}
  - {text: Second}
- id: asked
  at: 2027-03-02 12:00
  accounts: [x, linkedin]
  text: Which?
  poll: {options: [A, B], question: Which one?, duration: 1d}
- id: long
  at: 2027-03-02 13:00
  accounts: [x, bluesky]
  text: "1"
  thread: [{text: "2", media: [{file: media/one.png, alt: One}]}, {text: "3"}]
- at: 2027-03-02 14:00
  accounts: x
  text: No id here, and words that go on for longer than what is told of a post
"""

DEFAULTS: Final = (
    SETTINGS + "defaults: {labels: [all], title: Of all, draft: true, link: https://example.com/}\n"
)

SERIES: Final = """posts:
- id: weekly
  at: Tue 2027-03-02 09:00
  accounts: [x, facebook]
  text: Weekly
  repeat: {every: week, until: Tue 2027-03-30, except: [2027-03-16]}
- id: twice
  at: 2027-03-01 10:00
  accounts: x
  text: Twice a week
  repeat: {every: week, days: [mon, thu], until: 2027-03-18}
- id: counted
  at: 2027-03-01 11:00
  accounts: x
  text: Counted
  repeat: {every: day, times: 4, except: [2027-03-03]}
- id: monthly
  at: 2027-03-10 12:00
  accounts: x
  text: Monthly
  repeat: {every: month, times: 3}
- id: dated
  at: launch - 14d 13:00
  accounts: x
  text: From a date
  repeat: {every: week, until: launch}
- id: late
  at: 2027-03-31 14:00
  accounts: x
  text: At the end of the month
  repeat: {every: month, times: 3}
- {id: unread, at: 2027-03-04 16:00, accounts: x, text: Unread, repeat: {every: soon}}
- at: 2027-03-02 15:00
  accounts: [x, linkedin]
  text: No id
  repeat: {every: 2w, times: 3}
  networks: {linkedin: {at: 16:00}}
"""

MOVES: Final = """posts:
- id: one
  at: Tue 2027-03-02 09:00
  accounts: [x, facebook]
  text: One
- id: own
  at: 2027-03-03 10:00
  accounts:
  - x
  - {account: facebook, at: 11:30}
  - {account: linkedin, at: 2027-03-05 12:00}
  text: Own times
- {id: late, at: 2027-03-09 15:00, accounts: [x, {account: facebook, at: 08:00}], text: One account is earlier}
- {id: day, at: 2027-03-04, accounts: x, text: A day alone}
- {id: waits, at: next, accounts: bluesky, text: Waits for a slot}
- {id: both, at: next, accounts: [bluesky, {account: x, at: 11:15}], text: One has a time of day}
- {id: from, at: launch - 7d, accounts: facebook, text: From a date}
- {id: two, at: 2027-03-08 09:00, accounts: facebook, text: Two}
- id: early
  at: 2027-03-10 10:00
  accounts: [x, linkedin]
  text: Not before its day
  not_before: 2027-03-05
  networks: {linkedin: {not_before: 2027-03-27 12:00, at: 2027-03-29 10:00}}
- {id: soon, at: 2027-02-01 12:30, accounts: x, text: Soon}
- {id: gone, at: 2027-01-04 12:30, accounts: x, text: Gone}
- {id: cursed, at: nonsense, accounts: x, text: No time}
"""
NEW_YORK: Final = """timezone: America/New_York
posts:
- {id: there, at: 2027-03-10 09:00, accounts: x, text: There}
"""
STORY: Final = "---\nid: story\nat: 2027-03-25 08:30\naccounts: linkedin\n---\n\nA long story.\n"

NEW: Final = """posts:
- {id: one, at: 2027-03-02 09:00, accounts: x, text: One}
- {id: three, at: 2027-03-20 09:00, accounts: x, text: Three}
"""
JUMBLED: Final = """posts:
- {id: b, at: 2027-05-20 09:00, accounts: x, text: B}
- {id: a, at: 2027-05-02 09:00, accounts: x, text: A}
"""

THERE: Final[dict[str, str | bytes]] = {
    "2027-03.yaml": SAYS,
    "2027-04.yaml": MOVES.replace("2027-03-", "2027-04-"),
    "there.yaml": NEW_YORK,
    "story.md": STORY,
    "series.yaml": SERIES,
    "anchors.yaml": """posts:
- {id: first, at: 2027-05-03 09:00, accounts: &on [x, facebook], text: &words One, labels: [&l one]}
- {id: second, at: 2027-05-04 09:00, accounts: *on, text: *words, labels: [*l]}
- {id: third, at: 2027-05-05 09:00, accounts: x, text: Three, comments: [{text: *words}]}
""",
    "odd.yaml": """posts:
- {id: nowhere, at: 2027-05-06 09:00, accounts: nobody, text: Nowhere}
- {id: wrong, at: 2027-05-07 09:00, accounts: x, text: [a], link: 5, labels: one, thread: x, poll: y, media: z}
- {id: lost, at: 2027-05-08 09:00, accounts: facebook, text: Lost, media: [media/none.png, {id: abc}]}
- {at: 2027-05-09 09:00, accounts: x, text: "\\n\\nBlank lines first, and a text that is longer than forty signs"}
""",
    "stored.yaml": """accounts: x
posts:
- id: tip
  evergreen: {every: 4w, times: 3}
  text: A tip
  variants: [{text: Another tip}]
- id: other
  evergreen: {every: 2w, until: 2027-06-30}
  variants: [{text: A}, {text: B}]
- {id: broken, evergreen: {}, text: No pause}
""",
    "uses.yaml": """posts:
- {use: tip, at: 2027-05-10 09:00}
- {use: tip, at: 2027-06-14 09:00, variant: 2, labels: [spring]}
- {use: nothing, at: 2027-06-15 09:00}
- {use: tip, at: launch + 60d 09:00}
""",
    "media/one.png": png(1),
}

ODD: Final[dict[str, str | bytes]] = {
    "publer.yaml": SETTINGS.replace("time: 09:00\n", "")
    + "pages: [{files: blog/*.md, url: 'https://example.com/{slug}/'}]\n",
    "blog/post.md": "---\nsocial:\n- {at: 2027-03-05 09:00, accounts: x, text: From a page}\n---\n\nWords\n",
    "blog/more.md": "Not to be posted.\n",
    "2027-03.yaml": """posts:
- {id: plain, at: 2027-03-02 09:00, accounts: x, text: Plain}
- {id: vague, at: 2027-03-03 09:00, not_before: someday, accounts: x, text: Vague}
- {id: elsewhere, at: 2027-03-04 09:00, accounts: nobody, text: Elsewhere}
""",
    "alone.yaml": "posts:\n- {id: nowhere, at: 2027-03-06 09:00, accounts: nobody, text: Nowhere}\n",
}
