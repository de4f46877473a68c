"""What starts processes on a host without containers: systemd, supervisor, the files of hosting platforms."""
