"""Takes posts out of Publer at once, past everything that an apply would wait for."""
