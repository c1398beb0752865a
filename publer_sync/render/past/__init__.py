"""What became of posts, and who did what: outcomes, results and the log.

A sentence about an outcome begins in `outcomes`.
"""
