"""Shows calendars as one web page that needs nothing else."""
