"""YAML with the place of every value, the ways in which it silently loses content, and reading on after an error.

A new typo begins in `slips` if the line can be corrected before YAML reads it, in `stops` if YAML stops there, and in
`traps` if YAML reads it as something else.
"""
