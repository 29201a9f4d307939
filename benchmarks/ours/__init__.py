"""Our side of each measurement, run as a process of its own; each prints one JSON line."""
