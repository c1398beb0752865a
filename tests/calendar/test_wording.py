"""Values that a key cannot have: where that is told, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from tests.calendar.calendars import POST, judged
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path


@each_of(
    ("lines", "told"),
    [
        ("draft: tru", {"4:10+3": "Write true or false"}),
        ("draft: yes", {"4:10+3": "fix: Write true or false\n  draft: true"}),
        ("draft: 'On'", {"4:10+4": "fix: Write true or false\n  draft: true"}),
        ("draft: 1", {"4:10+1": "Write true or false"}),
        ("append: false", {"4:11+5": "fix: Write null\n  append: null"}),
        ("utm: false", {"4:8+5": "fix: Write null\n  utm: null"}),
        ("append: [a]", {"4:11+1": "Write it in this form\nFor example:\nappend:\n  instagram: Link in bio"}),
        ("title: 5", {"4:10+1": 'fix: Put it in quotes\n  title: "5"'}),
        ("title: true", {"4:10+4": 'fix: Put it in quotes\n  title: "true"'}),
        ("title: {a: b}", {"4:10+1": "fix: Put the words on the next line, after `title: |`\n  title: |\n    {a: b}"}),
        ("title: [a]", {"4:10+1": "fix: Put the words on the next line, after `title: |`\n  title: |\n    [a]"}),
        ("id: 2027", {"4:7+4": 'fix: Put it in quotes\n  id: "2027"'}),
        ("id: every week", {"4:7+10": "Write it in this form\nFor example:\nid: launch"}),
        ("id: {a: b}", {"4:7+1": "Write it in this form\nFor example:\nid: launch"}),
        ("id:\n    a: b", {"5:5+1": "Write it in this form\nFor example:\nid: launch"}),
        ("text:\n  - a", {"5:3+1": "Write it in this form\nFor example:\ntext: |\n  Words"}),
        ("text:\n    Note: it rains", {"5:5+1": "Write it in this form\nFor example:\ntext: |\n  Words"}),
        ("labels: one", {"4:11+3": "fix: Write it as a list\n  labels: [one]"}),
        ("labels:\n    one", {"5:5+3": "Write it in this form\nFor example:\nlabels: [launch]"}),
        ("labels: one\n    two", {"4:11+1": "Write it in this form\nFor example:\nlabels: [launch]"}),
        ("title: &a one\n  labels: *a", {"5:11+2": "Write it in this form\nFor example:\nlabels: [launch]"}),
        ("labels: one, two", {"4:11+8": "fix: Write it as a list\n  labels: [one, two]"}),
        ("labels: {a: b}", {"4:11+1": "Write it in this form\nFor example:\nlabels: [launch]"}),
        ("labels:\n    a: b", {"5:5+1": "Write it in this form\nFor example:\nlabels: [launch]"}),
        ("labels: 5", {"4:11+1": "Write it in this form\nFor example:\nlabels: [launch]"}),
        ("labels: [1, a]", {"4:12+1": 'fix: Put it in quotes\n  labels: ["1", a]'}),
        ("labels:\n  - a: b", {"5:5+1": 'fix: Put the words in quotes\n  - "a: b"'}),
        ("labels:\n  - [a]", {"5:5+1": "Put the words in quotes"}),
        ("labels: []", {}),
        ("labels: ['']", {"4:12+2": "Write something, or remove it"}),
        ("media: pixel.png", {"4:10+9": "fix: Write it as a list\n  media:\n  - file: pixel.png"}),
        ("media: https://e.com/a.png", {"4:10+19": "fix: Write it as a list\n  media:\n  - url: https://e.com/a.png"}),
        ("media:\n  - file: a #1.png", {"5:13+6": 'fix: Put the name in quotes\n- file: "a #1.png"'}),
        ("media: words", {"4:10+5": "Write it as a list"}),
        (f"comments: {'a' * 190}", {"4:13+190": f"fix: Write it as a list\n  comments:\n  - text: |\n      {'a' * 190}"}),
        (f"comments: {'a' * 195}", {"4:13+195": "fix: Write it as a list"}),
        ("media: []", {}),
        ("media:\n    file: pixel.png", {"5:5+1": "Write it as a list\n  media:\n  - file: pixel.png"}),
        ("media: {file: pixel.png}", {"4:10+1": "Write it as a list\n  media:\n  - file: pixel.png"}),
        ("media:\n  - pixel.png", {"5:5+9": "fix: Write it as keys with values, below it\n  - file: pixel.png"}),
        ("media:\n  - [pixel.png]", {"5:5+1": "Write it in this form\nFor example:\nmedia:\n- file: media/launch.png\n  alt: What it shows"}),
        ("media: [pixel.png]", {"4:11+9": "fix: Write it as keys with values, below it\n  media:\n  - file: pixel.png"}),
        ("comments: Hi", {"4:13+2": "fix: Write it as a list\n  comments:\n  - text: |\n      Hi"}),
        ("comments: Hi\n    there, a longer line", {"4:13+1": "Write it as a list\n  comments:\n  - text: |\n      Hi there, a longer line"}),
        ("title: &a Hi\n  comments: *a", {"5:13+2": "Write it as a list\n  comments:\n  - text: |\n      Hi"}),
        ("comments: {text: Hi}", {"4:13+1": "Write it as a list\n  comments:\n  - text: Hi"}),
        ("comments:\n  - Hi", {"5:5+2": "fix: Write it as keys with values, below it\n  - text: |\n      Hi"}),
        ("thread: [A, B]", {"4:12+1": "fix: Write it as keys with values, below it\n  thread:\n  - text: |\n      A\n  - text: |\n      B", "4:15+1": "fix: Write it as keys with values, below it\n  thread:\n  - text: |\n      A\n  - text: |\n      B"}),
        ("thread: A", {"4:11+1": "fix: Write it as a list\n  thread:\n  - text: |\n      A"}),
        ("poll: A, B", {"4:9+4": "fix: Write it as keys with values, below it\n  poll:\n    options:\n    - A\n    - B"}),
        ("poll: [A, B]", {"4:9+1": "fix: Write it as keys with values, below it\n  poll:\n    options:\n    - A\n    - B"}),
        ("poll: A", {"4:9+1": "Write it in this form\nFor example:\npoll:\n  options:\n  - Yes\n  - Not yet\n  duration: 3d"}),
        ("poll: {options: [A], duration: 1d}", {"4:19+1": "Write 2 or more items"}),
        ("poll: {options: [A, B], duration: 36}", {"4:37+2": "Add the unit: 36m, 36h or 36d"}),
        ("poll: {options: [A, B], duration: 1.5d}", {"4:37+4": "fix: Write it as one number\n  poll: {options: [A, B], duration: 36h}"}),
        ("poll: {options: [A, B], duration: soon}", {"4:37+4": "Write it in this form\nFor example:\nduration: 10m"}),
        ("share: linkedin", {"4:10+8": "fix: Write it as keys with values, below it\n  share:\n    accounts: [linkedin]"}),
        ("share: {accounts: linkedin}", {}),
        ("share: 5", {"4:10+1": "Write it in this form\nFor example:\nshare:\n  accounts: facebook\n  after: 1h"}),
        ("auto_delete: 3d", {"4:16+2": "fix: Write it as keys with values, below it\n  auto_delete:\n    after: 3d"}),
        ("auto_delete: 3", {"4:16+1": "Write it in this form\nFor example:\nauto_delete:\n  after: 2w"}),
        ("auto_delete: soon", {"4:16+4": "Write it in this form\nFor example:\nauto_delete:\n  after: 2w"}),
        ("auto_delete: {after: 90}", {"4:24+2": "Add the unit: 90m, 90h or 90d"}),
        ("auto_delete: {after: 2M}", {"4:24+2": "Write it in this form\nFor example:\nafter: 10m"}),
        ("repeat: week", {"4:11+4": "Write it in this form\nFor example:\nrepeat:\n  every: week\n  until: 2027-05-27"}),
        ("repeat: {every: weekly, times: 2}", {"4:19+6": "fix: Write it in these words\n  repeat: {every: week, times: 2}"}),
        ("repeat: {every: biweekly, times: 2}", {"4:19+8": "Write it in this form\nFor example:\nevery: day"}),
        ("repeat: {every: week, times: 0}", {"4:32+1": "Write 1 or more"}),
        ("repeat: {every: week, times: many}", {"4:32+4": "Write it in this form\nFor example:\ntimes: 10"}),
        ("repeat: {every: week, days: [mon, monday], times: 3}", {"4:37+6": 'Did you mean "Mon"? Choose one of: Mon, Tue, Wed, Thu, Fri, Sat, Sun'}),
        ("repeat: {every: week, until: 20270401}", {"4:32+8": "fix: Write the day as year-month-day\n  repeat: {every: week, until: 2027-04-01}"}),
        ("repeat: {every: week, except: [20270308], times: 3}", {"4:34+8": "fix: Write each day as year-month-day\n  repeat: {every: week, except: [2027-03-08], times: 3}"}),
        ("not_before: 20270201", {"4:15+8": "Write the day as year-month-day and the time on a 24-hour clock\nnot_before: 2027-02-01"}),
        ("not_before: 2027", {"4:15+4": "Write the day as year-month-day and the time on a 24-hour clock; add an offset for another time zone\nFor example:\nnot_before: 2027-03-02 15:00"}),
        ("not_before: [a]", {"4:15+1": "Put the words in quotes"}),
        ("link: https://e.com", {}),
        ("link: e.com/a", {"4:9+7": "Write the whole address\nlink: https://e.com/a"}),
        ("link: {title: T}", {"4:3+1": "Add url\nFor example:\nlink:\n  url: https://example.com/launch"}),
        ("link: [https://e.com]", {"4:9+1": "Write it in this form\nFor example:\nlink:\n  url: https://example.com/launch"}),
        ("link: {url: e.com}", {"4:15+5": "Write the whole address\nurl: https://e.com"}),
        ("link: {url: htp://e.com}", {"4:15+11": "Write the whole address\nurl: https://e.com"}),
        ("when_live: maybe", {}),
        ("board: {a: b}", {"4:3+5": "Move it under `networks`\nFor example:\nnetworks:\n  pinterest:\n    board: …"}),
        ("board: Rye", {"4:3+5": "Move it under `networks`\nFor example:\nnetworks:\n  pinterest:\n    board: Rye"}),
        ("networks: {facebook: {sublinks: [{url: 'https://e.com', title: A, description: B, images: [e.com/a]}, {url: 'https://e.com', title: C, description: D, images: ['https://e.com/d.png']}]}}", {"4:94+7": "Write the whole address\nhttps://e.com/a"}),
        ("when_live: e.com/a", {}),
        ("type: foto", {"4:9+4": 'Did you mean "photo"? Choose one of: status, photo, video, link, gif, poll, carousel, document, article, reel, story, short, event, offer'}),
        ("type: 5", {"4:9+1": "Choose one of: status, photo, video, link, gif, poll, carousel, document, article, reel, story, short, event, offer"}),
        ("type: video2", {"4:9+6": 'fix: Did you mean "video"? Choose one of: status, photo, video, link, gif, poll, carousel, document, article, reel, story, short, event, offer\n  type: video'}),
        ("ignore: [a.b]", {"4:11+1": "Write it in this form\nFor example:\nignore:\n  media.no-alt: a plain background"}),
        ("ignore: {nodot: why}", {}),
        ("ignore: {a.b: ''}", {"4:17+2": "Write something, or remove it"}),
        ("ignore: {a.b: 5}", {"4:17+1": 'fix: Put it in quotes\n  ignore: {a.b: "5"}'}),
        ("networks: [x]", {"4:13+1": "Write it in this form\nFor example:\nnetworks:\n  x:\n    text: |\n      Words for X"}),
        ("networks: {x: words}", {"4:17+5": "Write it in this form\nFor example:\nx:\n  text: Words for X"}),
        ("networks:\n    x: words", {"5:8+5": "Write it in this form\nFor example:\nx:\n  text: Words for X"}),
        ("utm: {source: 5}", {"4:17+1": 'fix: Put it in quotes\n  utm: {source: "5"}'}),
        ("utm: {source: true}", {"4:17+4": 'fix: Put it in quotes\n  utm: {source: "true"}'}),
        ("utm: [a]", {"4:8+1": 'Write it in this form\nFor example:\nutm:\n  source: "{network}"\n  medium: social'}),
        ("hashtags: core", {"4:13+4": "fix: Write it as a list\n  hashtags: [core]"}),
        ("hashtags: '#core'", {"4:13+7": "fix: Write it as a list\n  hashtags: ['#core']"}),
        ("note: [a]", {"4:9+1": "fix: Put the words on the next line, after `note: |`\n  note: |\n    [a]"}),
        ("evergreen: 4w", {"4:14+2": "Write it in this form\nFor example:\nevergreen:\n  every: 8w\n  until: 2027-12-31"}),
        ("evergreen: {every: monthly}", {"4:22+7": "Write it in this form\nFor example:\nevery: 8w"}),
        ("variants: [A]", {"4:14+1": "Write it in this form\nFor example:\nvariants:\n- text: |\n    The same tip in other words"}),
        ("accounts: 5", {"4:3+8": "Remove one of the two"}),
        ("media:\n  - file: pixel.png\n    alt: 5", {"6:10+1": 'fix: Put it in quotes\n    alt: "5"'}),
        ("media:\n  - alt: A", {"5:5+1": "Write it in this form\nFor example:\nmedia:\n- file: media/launch.png\n  alt: What it shows"}),
        ("media:\n  - fil: pixel.png", {"5:5+3": "fix: Rename it to `file`\n  - file: pixel.png"}),
        ("media:\n    pixel.png", {"5:5+9": "Write it as a list\n  media:\n  - file: pixel.png"}),
        ("thread:\n    A", {"5:5+1": "Write it as a list\n  thread:\n  - text: |\n      A"}),
        ("share:\n    linkedin", {"5:5+8": "Write it as keys with values, below it\n  share:\n    accounts: [linkedin]"}),
        ("media:\n  -\n    pixel.png", {"6:5+9": "fix: Write it as keys with values, below it\n    file: pixel.png"}),
    ],
)  # fmt: skip
def test_a_value_that_a_key_cannot_have_is_told_with_what_it_can(
    top: Path, lines: str, told: dict[str, str]
) -> None:
    """A fix, where the writer's own words allow one alone; otherwise a form, as an example."""
    problems = judged(read(top, instead={"a.yaml": f"{POST}  {lines}\n".encode()}))
    assert {
        f"{each.location.line}:{each.location.column}+{each.length}": f"{'fix: ' if each.fix else ''}{each.help}"
        for each in problems
        if each.location is not None and each.code.startswith(("key.", "time.", "yaml."))
        if each.code != "key.empty"
    } == told
