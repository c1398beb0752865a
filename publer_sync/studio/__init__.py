"""Edits a calendar from its page in a browser: what somebody does there becomes edits of its files.

Another thing to do on the page begins as an order in `orders`, with its edits in `changes`.
"""
