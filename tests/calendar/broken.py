"""Files that YAML cannot read, or reads otherwise than they are meant, for `told`: what is said of each, and what its posts are all the same."""

from __future__ import annotations

from typing import Final

_FIRST: Final = "- {id: a, at: 2027-03-01 09:00, accounts: x, text: First}\n"
_POST: Final = "id: b\n  at: 2027-03-05 09:00\n  accounts: linkedin\n  text: Words\n"
_NEXT: Final = "  id: c\n  at: 2027-03-06 09:00\n  accounts: x\n  text: More\n"
_LAST: Final = "- {id: z, at: 2027-03-09 09:00, accounts: x, text: Last}\n"
_LINES: Final = (
    "labels: - one", "labels: - one\n- two", "media: - file: pixel.png\n    alt: A", "comments:\n- Words\n  after: 2h", "labels:\n- one\n  two: three",
    "media:\n- https://e.com/a.png # a lamp\n  alt: A", "labels: [a, b: c", "poll:\n  duration: 1d\n  options: [a, b", "labels: [a\n  b, c", "labels: [a, @b]", "labels: [a]\nmore words",
    "not_before: [@b", "not_before: '2027-03-02' 10:00", "not_before: @noon", 'title: "C:\\path"', "append: |\n  One\n two",
    "append: |\n    One\n  two # three", "[a]: b", "<<: 5", "<<: null", "<<: {title: T, note: *c}", "? title", "[a]: [b, c]\ntitle: T", "<<: {title: T, text: Others}", "<<: [{title: T}, 5]", "\ttitle: A", "\ttitle:\u00a0A", "---", "title: *b",
    "networks:\n  x: x\n    text: For X\n      #bakery", "media:\n- file: pixel.png\n  alt: A loaf\n    #rye",
    "append: |\n    On: e\n  two # three", "not_before: 2027-03-02 #rye", "append: | # at most 280", "append:\n  # Monday\n  We bake\n  bread",
    'title: "C:\\users"', "title: @a, #bun", "labels: - a\n        \ntitle: T", "media: - file: pixel.png\n  alt: A", "labels:\n- a\n - b: #bun",
    "title:\n  @anna says\nMood: fine", "comments:\n  - text: A\n - text: B", "title: A | B\n      more\n    Note: x", "title: |0", "title: |0\n  Hi",
    "title: |2\n      Hi\n there", "poll:\n  duration: 1d\n  options:\n  - |\n      Yes\n    no # note", "not_before: &q # c\n    2", "type: &q\n    1.10", "comments:\n  - a\n - |\n        Yes\n      no", "comments:\n  - a\n - |\n        Yes\n      no # note", "media:\n- pixel.png\n  alt text: A",
    "media: a.png\n- \n  alt: A", "labels: [a]\n- ", "labels: [a]\n media:\n\n - file: pixel.png", 'poll:\n  options:\n  - """Yes""" and no',
    "title: ```", "ignore:\n  media.no-alt: plain\n    background", 'title: "One \\n two\n  three"', 'media:\n- file: "C:\\temp.png"',
    "networks: {\n  x }", 'networks: {x: {title: "Hi", there}}', "comments:\n- text: A\n  after: 1h\n  text: B\n  after: 2h",
    "labels:\n- Note: rain\n- b", "labels:\n- Note: rain\n  More: rye", "labels:\n-\n  Note: rain",
    "media:\n- file: pixel.png\n\n- pixel.png\n  alt: A", "comments:\n  - text: |\n    # Monday\n    Words", "title: @anna\n  more # note",
    "labels: !x [a]", "title:\n  |\n    labels:a\nappend: @a",
    "title: One\n  Two\nlabels: [a,\n  b]", "title: One\n  Two\nlabels: [a, #b,\n  c]", "title: 'C:\\temp'", "title: *b\nnote: R&b", "'<<': {title: T}",
    "poll:\n  duration: 1d\n  options:\n  - |0\n  - b", "type: true", "labels: false", "not_before: true", "labels:\n- - a", "labels:\n  \u2022 text: hi",
    "media:\n- file: pixel.png\n  labels:", "networks:\n  facebook: {background: abc}", "labels: a\n-b", "comments: - text: A\n    - text: @b",
)  # fmt: skip
"""Each of a post between two others."""
_FILES: Final = (
    f"posts: # all\n{_FIRST}", f"posts:\n{_FIRST}accounts: x\n{_LAST}", f"posts: [\n{_LAST}", f"posts:\n  {_POST}- title: [\n", f"posts:\n{_POST}- title: [\n",
    f"posts:\n- {_POST}  title: [\naccounts: x\n", f"posts:\n- {_POST}titel: [\nlabels: [a]\n{_LAST}", f"posts:\n- {_POST} - title: T\n{_LAST}",
    f"time: [\nposts:\n{_LAST}", f"title: T\nposts:\n{_LAST}", "posts:\nwords\n", "words\n- more\n", "- a\nb: c\n", "'\n", "- [\n",
    f"x: &a [*b]\ny: *a\nposts:\n{_FIRST}", "posts:\n- &a {id: a, at: 2027-03-01 09:00, accounts: x, text: First}\n- {text: &t Words, <<: *a, id: b, at: 2027-03-03 09:00}\n- {at: 2027-03-04 09:00, text: *t, <<: [*a, *c], id: c}\n",
    f"posts:\n- {_POST}  title: A\n  {_POST.replace('b', 'c', 1).replace('05', '06')}{_LAST}", f"posts:\n  title: [\n- {_POST}posts:\n{_LAST}",
    "posts: words\n  accounts: x\n", "at: 2027-03-01 09:00\naccounts: x\ntext: hi\nfoo: 1\n", f"posts:\n- {_POST}#bakery", f"posts:\n- {_POST}#-----\n# April\n#- at: 2027-03-03 09:00\n#  text: More #rye\n", f"posts:\n #bun\n{_FIRST}",
    "posts:\n- at: 2027-03-05 09:00\n      text:\n  accounts: x\n  title: T\n", "posts:\n- at: 2027-03-05 09:00\n  accounts:\n  - x\n text: Words\n",
    "posts:\n- accounts: x\n  text: |\n\n  tid: 2027-03-02 09:00\n", "posts:\n- accounts: x\n     text: Meet us in room # 5\n", "posts:\n  - accounts: x\n  title: T\n text: |\n    Words\n",
    f"posts:\n- {_POST}  comments:\n - text: One\n", "posts:\n- accounts: x\n        text: |\n  #bakery #rye\n  text: |\n    Words\n",
    "posts:\n- accounts: x\n  text: |\n    Words\n  - file: pixel.png\n    alt: A\n", "posts:\n- accounts: x\n  text: |\n  - text: Words\n  labels: [a]\n",
    "posts:\n- accounts: x\n  text: |\n  #bakery #rye\n    thread:\n    Words\n", "posts:\n- accounts: x\n  text: |\n   Words\n\n#bakery\n#rye\n@kari\n", "posts:\n- accounts: x\n  text: >-\n  Some\n  Words\n",
    f"posts:\n- at: 2027-03-05 09:00\n    accounts: x\n    text: 'Fresh rye' #bakery\n{_LAST}", f"posts:\n- {_POST}ccounts: x\n  title: T\n", "posts:\n- at: 2027-03-01 09:00\n  accounts:\n    x\n    text: hi\n",
    f"posts:\n{_FIRST} {_LAST}", "defaults:\n  labels:\n    - a\nposts:\n   # May\n- at: 2027-03-01 09:00\n  accounts: x\n  text: Hi\n - at: 2027-03-02 09:00\n\n   accounts: x\n   text: Two\n",
    "posts:\n  - at: 2027-03-01 09:00\n    accounts: x\n    text: Hi\n - at: 2027-03-02 09:00\n\n   accounts: x\n   text: Two\n", "time: 09:00\nposts:\n- at: 2027-03-01\n  labels: [a]\n   - time: 10:00\n",
    "posts:\n- at: 2027-03-01 09:00\n  accounts: x\ntext: Hi\nmore words\n", f"posts:\n- {_POST} Note: A\n", f"posts:\n- {_POST}labels: [a]\ntitle: T\n", f"posts:\n- {_POST} - at: 2027-03-06 09:00\n   accounts: x\n - at: 2027-03-07 09:00\n   accounts: x\n",
    "posts:\n- media:\n  - pixel.png\n    alt: A\n  at: 2027-03-05 09:00\n  accounts: x\n", "- a: b: c\n", f"posts:\n- {_POST}\n  more: than: one\n", "just words #rye # note\n",
    f"  time: 09:00\nposts:\n- {_POST}  title: One\n    Two\n", "# April\n- text: a: b\n", f"posts:\n- {_POST}text: @anna\n", f"posts:\ntime: 09:00\n- {_POST}  title: @a\n", f"posts:\n  {_FIRST}  - text: @a\nfoo:\n- b\n",
    f"posts:\n- {_POST}  title: [\nfoo: 1\n", "posts:\n- at: 2027-03-05 09:00\n  accounts: linkedin\ntext: @anna\n", "posts:\nat: 2027-03-05 09:00\naccounts: x\ntext: @anna\n", "posts:\n- at: 2027-03-05 09:00\naccounts: x\n  text: @anna\n",
    "posts:\n- at: 2027-03-05 09:00\naccounts: x\ntext: @anna\n", "posts:\n- at: 2027-03-05 09:00\n  text: @anna\naccounts:\n  - x\n", f"posts:\n-\n  {_POST}-\n  text: @anna\n", "posts:\n-\n- text: a: b\n", "b: c\n- a\n", "accounts: @me\n",
    "- a\n    b: media: c\n", "words\n- text: a: b\n- text: c: d\n", f"posts:\n- {_POST}-\n  @x\n", "title: [\nposts:", f"posts:\n- {_POST}\n{_NEXT}", f"posts:\n- {_POST}\n  labels: [a]\n{_NEXT}", f"posts:\n\n- {_POST}{_NEXT}",
    f"posts:\n{_FIRST}>>>>>>> b", f"posts:\n{_FIRST}>>>>>>>\n", f"posts:\n<<<<<<< a\n{_FIRST}||||||| c\n{_FIRST}=======\n{_LAST}>>>>>>> b\n", f"posts:\n<<<<<<< a\n{_FIRST}>>>>>>> b\n{_LAST}", f"posts:\n<<<<<<< a\n<<<<<<< b\n{_FIRST}=======\n>>>>>>> b\n>>>>>>> a\n",
    "posts:\n- at: 2027-03-05 09:00\n  accounts: x\n  txt: |\n  Fresh rye\n", f"posts:\n- {_POST}  poll:\n    options:\n    - |\n      text:hi\n    - text:\n        - a\n  title: [\n", f"posts:\n- {_POST}  labels: [a]\n media:\n\n - file: pixel.png\n", "posts:\n- at: 2027-03-05 09:00\n  accounts: x\n  text: |\n    Words\n     #bun",
    f"posts:\n- {_POST}-\n{_LAST}", f"\n\n{_FIRST}", "[{id: a, at: 2027-03-01 09:00, accounts: x, text: First}]\n", "posts:\n- at: 2027-03-05 09:00\n  accounts: [x, #linkedin,\n    facebook]\n  text: hi\n", f"posts:\n- &a {_FIRST[2:]}- &a {{id: b, at: 2027-03-05 09:00, accounts: x, text: Hi, note: *a}}\n",
    "posts:\n- at: 2027-03-05 09:00\n accounts: x\n  text: *rye\n", f"posts:\n- &a {{id: a, at: [}}\n- {{<<: *a, id: b}}\n{_LAST}", f"#bun\ntime: 09:00\n#rye #lemon\nposts:\n{_FIRST}", f"posts:\n- {_POST}{_NEXT}  title: T\n",
    "posts:\n- at: 2027-03-01 09:00\n  accounts:\nx\n  text: Hi\n", "posts:\n- at: 2027-03-01 09:00\n  accounts:\n  - account: x\n    foo:\n  - acount:\n  - linkedin: Us\n  - qq:\n  text: Hi\n",
    "posts:\n~\n- text: a: b\n", "posts:\n- at: 2027-03-01 09:00\n  accounts: x\n text: |\n    Fresh rye\n#bakery #rye\n",
    "- text: a: b\n  id: a", "- posts:\n  title: @a\n", "- text: A\n  id: a\n#bun #rye\n", f"accounts:\n- x\n#bun #rye\nposts:\n{_FIRST}", "# April\n- labels: [a]\n  more words\n- text: c: d\n", f" posts: # May\n{_FIRST}", f"{_FIRST}# note\n posts: # May\n", "posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: Hi\n - at: 2027-03-05 09:00\n   accounts: x\n   text: |\n     One  \n\n     two\n", "posts:\n- at: 2027-03-01 09:00\n  accounts: x\n   text: Hi  \n", f"accounts: x\n  posts:\n  {_FIRST}  - title: @a\n", f" posts:\n - {_FIRST[2:]} - title: @a\n", "posts:\n- at: 2027-03-05 09:00\n  accounts:\n  - linkedin\n  - account: x\n    ignore: {yaml.folded: wrapped}\n  text: One\n    Two\n", f"append:\n  x: One\n    Two\nposts:\n{_FIRST}", f"posts:\n- words\n- {_POST}  title: One\n    Two\n",
    "posts:\n- {id: b, at: 2027-03-05 09:00, accounts: x, text: A, id: c, at: 2027-03-06 09:00}\n", "posts: 5\n", "posts:\n- title: [\n1e3", "posts:\n- at: 2027-03-01 09:00\n  text: |\n    Hi\n>\n  accounts:x\n", "posts: 5\nappend: One\n  Two\n", "posts: {at: 2027-03-01 09:00, accounts: x, text: hi}\n", "posts:\n- {id: {a: b}, at: 2027-03-01 09:00, accounts: x, text: hi}\n",
    f"posts:\n- {_POST}  text: More\n  id: c\n  at: 2027-03-06 09:00\n", "text: |\n  Hi\n#bun #rye\nutm:\n  source: a", "posts:\n- at: 2027-03-05 09:00\n  accounts: x\n  text: #bun\n    Words # note",
    f"posts:\n- &t {_FIRST[2:]}- {_POST}  note: &n Kari\n{_LAST[:-2]}, note: *n #bun\n  }}\n",
    "accounts:x\nposts:\n  text: hi\n", "\n posts: # May\n-at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n", " posts:\n words\n - text: @a\n", "- posts:\n- title: @a\n", "post<<: s:\n- at: 2027-03-02 12:00\n  accounts: x\n  text: Hi\n",
    'posts:\n- at: 2027-03-05 09:00\n  accounts: x\n  txt: |\n  Fresh rye\n"',
    "# April\nposts:\n- at: 2027-03-05 09:00\n  accounts: x\n  text: Hi #bun\n  a#b: x\n", "#bun #rye\nposts:\n- at: 2027-03-05 09:00\n  accounts: x\n  text: Hi", f"posts:\n- at: 2027-03-05 09:00\n  accounts: x\n  text: Hi{' ' * 250}#bun\n",
    "posts:\n- at: 2027-03-05 09:00\n  accounts: x\n  text: |\n    One\n  labels:\n#bun\n  - spring\n", "posts:\n- at: 2027-03-05 09:00\n  accounts: x\n  text: Hi\n  media:\n  - file: a #1.png", "posts:\n- at: 2027-03-05 09:00\n  accounts: x\n  text:\n  Hi\n\n  title: A\n", "{}\n", " text: |\n    Fresh rye\n#bakery #rye\n", "posts:\n- at: 2027-03-05 09:00\n  accounts: x\n  text: Hi\n  comments:\n    - text: Yes\n  -   media:\n    - pixel.png\n      alt: A\n",
)  # fmt: skip
_GOOD: Final = """\
posts:
- at: 2027-03-02 09:00
  accounts: [x, linkedin]
  text: |
    Two lines
    #tag
  labels:
  - one
  media:
  - file: pixel.png
    alt: "A \\" lamp"
  networks:
    x: {text: 'In short'}
- at: 2027-03-03 09:00
  id: z # note
  accounts: x
  text: Last
"""
_SLIPS: Final = (
    ("  text: |", ""),
    ("- at: 2027-03-03", "      - at: 2027-03-03"), ("  id: z # note", "  *xid: z # note"), ("  text: Last", "    Two lines"),
    ("  accounts: x\n", "*x  accounts: x\n"), ("  text: |", "  \\text: |"), ("  media:", "<<<<<<< a  media:"),
    ("    Two lines", "\u00e9    Two lines"), ("  accounts: x\n", '    \\"accounts: x\n'), ("    #tag", "\u00a0    #tag"), ("  networks:", "  text: Last"),
)  # fmt: skip
"""Each from one of two posts."""
FILES: Final = {
    **{
        lines: f"posts:\n{_FIRST}- {_POST}{''.join(f'  {line}{chr(10)}' for line in lines.split(chr(10)))}{_LAST}"
        for lines in _LINES
    },
    **{text: text for text in _FILES},
    **{f"{old} -> {new}": _GOOD.replace(old, new, 1) for old, new in _SLIPS},
}
"""By their names."""
