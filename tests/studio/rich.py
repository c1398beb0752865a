"""A calendar whose posts have every key that a post can have, each with a comment beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.studio.repositories import committed
from tests.system.worlds import png

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """name: Fjordlight
timezone: Europe/Berlin
time: 09:00
accounts:
  x: {name: Me, provider: twitter}
  facebook: {name: Us, provider: facebook}
  linkedin: {name: We, provider: linkedin}
  bluesky: {name: me.example, provider: bluesky}
groups: {words: [x, bluesky]}
dates: {launch: 2027-03-20}
hashtags: {core: [fjordlight]}
defaults: {labels: [calendar]}
"""
MARCH = """# The month, and why.
posts:
- id: every                      # the id
  at: Tue 2027-03-02 09:00       # the time
  not_before: 2027-03-01         # not before
  accounts:                      # where
  - facebook                     # the page
  - account: x                   # the person
    text: |
      Other words for X.
  - linkedin
  text: |
    The words.
  title: A title                 # the title
  link:                          # the link
    url: https://example.com/a   # its address
    title: What it is            # its title
    description: All of it       # its description
  labels: [one, two]             # the labels
  hashtags: [core]               # the hashtags
  append:                        # what is added
    linkedin: More on our page   # there
  utm: {source: social, medium: post, campaign: march}  # counted
  comments:                      # the comments
  - text: |
      The first.
    after: 2h                    # a while later
  - text: The second             # and another
    after: 3h
  auto_delete:                   # it goes again
    after: 3d
  draft: false                   # it is none
  ignore: {text.again: it is meant}  # silenced
  note: For colleagues           # the note
  networks:                      # what is for one network
    linkedin:
      at: 10:00                  # an hour later

- id: asked
  at: Wed 2027-03-03 09:00
  accounts: [x]
  text: |
    What do you read by?
  poll:                          # the poll
    question: What do you read by?  # the question
    options:                     # the answers
    - A candle                   # the first
    - A lamp                     # the second
    - My phone
    duration: 3d                 # how long
  labels: [poll]

- id: told
  at: Thu 2027-03-04 09:00
  accounts: [x, bluesky]
  text: |
    1: a thread.
  media:                         # the pictures
  - file: media/one.png          # the first
    alt: One                     # told
  - file: media/two.png
    alt: Two
  thread:                        # the parts
  - text: |
      2: its second part.
    media:
    - file: media/three.png      # with a picture
      alt: Three
  - text: |
      3: its third part.

- at: Fri 2027-03-05 09:00
  accounts: words
  text: No id at all
- at: Sat 2027-03-06 09:00
  accounts: words
  text: Nor this one

- id: tip
  at: Tue 2027-03-09 17:00
  accounts: bluesky
  text: |
    A tip.
  repeat:                        # again and again
    every: week                  # weekly
    until: 2027-04-06
    except: [2027-03-23]         # not at Easter
- id: counted
  at: launch - 7d 09:30          # a week before
  accounts: bluesky
  text: Counted
"""
STORY = "---\n# the story\nid: story\nat: 2027-03-25 08:30\naccounts: linkedin\nlabels: [long]\n---\n\nA long story.\n"
APRIL = """posts:
- at: 2027-04-01 09:00
  accounts: [facebook, linkedin]
  text: April
"""


def rich(top: Path) -> Path:
    """It, committed."""
    (top / "media").mkdir(parents=True)
    (top / "publer.yaml").write_text(SETTINGS)
    (top / "2027-03.yaml").write_text(MARCH)
    (top / "2027-04.yaml").write_text(APRIL)
    (top / "story.md").write_text(STORY)
    for number, name in enumerate(("one", "two", "three", "spare")):
        (top / "media" / f"{name}.png").write_bytes(png(number))
    return committed(top, "First")
