"""What all formats share: times, numbers and sentences, pages of a terminal and of Markdown, and the frame of each document.

How a time is written begins in `dates`, a number or a sentence in `wording`.
"""
