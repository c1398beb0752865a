"""A new post from the words of someone who knows no YAML.

Another way to say a time begins in `spoken`, another field of the issue form in `form`. What commands
print of it is in `new_page`, `fill_page` and `approve_page`.

A guest of the core: it stands on `calendar`, `editing` and `render`.
"""
