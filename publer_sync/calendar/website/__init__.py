"""Posts in Markdown files and in the front matter of a website's pages.

A new form of front matter begins in `front_matter`, a new kind of website in `site_files`.
"""
