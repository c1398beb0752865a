"""Whether everything works together: the machine, the key, Publer, the state, the calendar and the workflows."""
