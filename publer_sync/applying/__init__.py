"""Carries a plan out: updates, new posts in rounds, deletes; each step in the ledger before and after."""
