"""A new post from the words of someone who knows no YAML.

Another way to say a time begins in `spoken`, another field of the issue form in `form`.
"""
