"""What is said of one post and of its change, the same in every format.

The word, sign and colour of a kind of change begin in `marks`, what to do about a blocked post in `fixes`.
"""
