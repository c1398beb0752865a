"""How a hold goes from its options to the posts that it takes out, in one calendar and in several.

What one calendar's hold does begins in `hold_one`, what several do before Publer is asked in `hold_first`.
"""
