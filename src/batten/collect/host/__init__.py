"""This machine from inside and its ports from outside: sockets, processes, conversations. Nothing is changed."""
