"""YAML with the place of every value, the ways in which it silently loses content, and reading on after an error."""
