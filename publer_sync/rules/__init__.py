"""What speaks against a post before it is sent: rules with a code, a severity and a source."""
