"""What makes a command start quickly: data classes, patterns and modules that cost nothing until they are needed.

A data class begins with `late_dataclasses`, a pattern with `late_patterns`.
"""
