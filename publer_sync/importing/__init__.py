"""Turns the rows of a CSV file into posts of a calendar. Decides and writes text in memory; saves nothing.

The CSV of another tool begins as a row of `DIALECTS` in `dialects`, another notation of dates in `dates`. What is
printed is in `import_page`.

A guest of the core: it stands on `calendar`, `editing`, `networks` and `render`.
"""
