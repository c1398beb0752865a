"""Shows calendars as one web page that needs nothing else.

What a card shows begins in `cards`, how it looks in the templates and styles beside it.
"""
