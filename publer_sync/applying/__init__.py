"""Carries out a plan: updates, new posts in rounds, removals; each step is in the ledger before and after.

`applier` has the order of the steps. How one kind of change reaches Publer is in `making`, `updating` or `removing`, what
came of it in `report`.
"""
