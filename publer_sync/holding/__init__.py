"""Takes posts out of Publer at once, past everything that an apply would wait for.

`scope` says which posts those are, `holder` how they are removed.
"""
