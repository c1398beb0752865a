"""Whether data has the shape that it must have: the schema, the words of each error, and the fixes.

How a message about a wrong value is worded is in `wording`; a value that can mean only one thing in `meant`.
"""
