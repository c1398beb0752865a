"""The rules a post is checked against before it is sent, each with a code, a severity and a source."""
