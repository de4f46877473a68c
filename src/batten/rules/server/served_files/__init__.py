"""Files that are served because a folder was meant too widely."""
