"""When posts are published: dates, times and zones as a calendar writes them, series, slots and dates with names.

A new notation begins in `time_forms` if it is refused with a fix, in `times` if it is read.
"""
