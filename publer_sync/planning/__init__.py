"""From desired posts, live posts and the ledger to a plan. Pure, but for asking Publer what there is.

A new kind of change begins in `plan`, and `judge` decides which posts it is for. What blocks a change is in `blocks`, a
safety limit in `limits`.
"""
