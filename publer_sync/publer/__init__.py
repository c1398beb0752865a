"""Speaks with Publer: requests, answers in every dialect, the request limit."""
