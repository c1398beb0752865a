"""Shows calendars as one web page that needs nothing else.

What a card shows begins in `cards`, how it looks in the templates and styles beside it.

A guest of the core: it stands on `calendar`, `ledger`, `networks`, `planning` and `render`.
"""
