"""What answers on a port, by its own handshake: conversations without sockets, and what they tell."""
