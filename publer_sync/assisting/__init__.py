"""Tools for assistants over the Model Context Protocol: what an answer holds, and how much of it. None writes to Publer."""
