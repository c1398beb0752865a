r"""Which characters a hashtag may have, in a form that means the same to Python and to the editors that read the schemas.

`\w` does not: in JavaScript it has the letters of English alone, and in Python no vowel signs, so that #रोटी would end after
its first letter.
"""

from __future__ import annotations

from typing import Final

_OUTSIDE: Final = (
    "\\x00-/:-@\\[-\\^`\\{-\\xa9\\xab-\\xb4\\xb6-\\xb9\\xbb-\\xbf\\xd7\\xf7"
    "\\u037e\\u0387\\u055a-\\u055f\\u0589\\u058a\\u05be\\u05c0\\u05c3\\u05f3\\u05f4\\u060c\\u061b\\u061f\\u066a-\\u066d\\u06d4"
    "\\u0964\\u0965\\u0e3f\\u0e4f\\u0e5a\\u0e5b\\u104a-\\u104f\\u10fb\\u1680\\u17d4-\\u17d6\\u17d8-\\u17da"
    "\\u2000-\\u200b\\u200e-\\u206f\\u20a0-\\u20cf\\u2190-\\u2bff\\u2e00-\\u2e7f\\u3000-\\u3004\\u3008-\\u3020\\u3030\\u303d"
    "\\ud800-\\uf8ff\\ufe00-\\ufe1f\\ufe30-\\ufe6f\\ufeff\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff3e\\uff40\\uff5b-\\uff65\\uffe0-\\uffff"
    "\U0001f000-\U0001faff"
)
"""White space, punctuation, symbols and emoji. Marks, joiners and letters of every script are left."""
DIGITS: Final = (
    "0-9_\\u0660-\\u0669\\u06f0-\\u06f9\\u0966-\\u096f\\u09e6-\\u09ef\\u0e50-\\u0e59\\uff10-\\uff19"
)
LETTER: Final = f"[^{_OUTSIDE}]"
"""One character of a hashtag."""
PATTERN: Final = f"^#?(?![{DIGITS}]+$){LETTER}+$(?!\\n)"
"""A hashtag, with or without its sign; digits alone make none."""
