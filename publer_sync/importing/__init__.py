"""Turns the rows of a CSV file into posts of a calendar. Decides and writes text in memory; saves nothing."""
