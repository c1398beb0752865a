"""What happens around and between commands: the frame, the courses, what was chosen, what is asked, shown and written.

What every command on calendars does begins in `frame`, what those that write do in `course`.
"""
