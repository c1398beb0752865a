"""GitHub as far as the action meets it: its API, a repository with its remote, and a runner."""
