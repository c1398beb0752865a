"""Plan, report and problems as text, Markdown and JSON. Pure: values in, strings out; nothing is printed here."""
