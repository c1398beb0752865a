"""Plan, report and problems as text, Markdown and JSON. Pure: values in, strings out; nothing is printed here.

Plans and reports begin in `text`, `markdown` and `data`, with the sentences that all formats share in `overview`, about
one post in `post`, about what became of it in `past`. What another command shows is in the module of its name.
"""
