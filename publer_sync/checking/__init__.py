"""Whether everything works together: the machine, the key, Publer, the state, the calendar and the workflows.

A new check is a function in `local`, `remote` or `workflows`; `commands.doctor` puts them in order.
"""
