"""The rules a post is checked against before it is sent, each with a code, a severity and a source.

A new rule begins as a row in `rulebook`, with its check in the module of its subject: `text`, `media`, `posts`,
`follow_ups`, `across`.
"""
