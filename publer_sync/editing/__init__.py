"""Changes the files of people: what is meant, and no other byte."""
