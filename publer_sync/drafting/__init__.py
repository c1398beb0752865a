"""A new post from the words of someone who knows no YAML."""
