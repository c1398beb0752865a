"""Edits a calendar from its page in a browser: what somebody does there becomes edits of its files.

Another thing to do on the page begins as an order in `orders`, with its edits in `changes`.

A guest of the core: it stands on `calendar`, `editing`, `ledger`, `networks`, `planning`, `render` and `rules`, and on the
wings `drafting` and `previewing`.
"""
