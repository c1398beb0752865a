"""Tools for assistants over the Model Context Protocol: what an answer holds, and how much of it. None writes to Publer.

A new tool begins as a row of `TOOLS` in `tools`.

A guest of the core: it stands on `calendar`, `networks`, `publer` and `render`, on the wing `previewing`, and on `commands`,
whose functions it calls.
"""
