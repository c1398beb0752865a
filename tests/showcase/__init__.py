"""A calendar with a post of every kind, and everything that can become of one: what rooms that render are tested with."""
