"""Changes people's files: exactly what is meant, and no other byte.

A new kind of edit begins in `edits`; `layout` has the lines that it changes, for each form that YAML has for a value.
"""
