"""The whole audit: inside, outside and the machine, joined into one report."""
