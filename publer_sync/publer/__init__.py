"""Speaks with Publer: requests, answers in every dialect, the request limit.

What is sent of a post begins in `payload`. A new form of an answer begins in `listed`, if it is a list, or in `jobs`.
"""
