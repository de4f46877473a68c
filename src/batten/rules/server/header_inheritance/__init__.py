"""Headers that an inner block of a web server takes away from its answers."""
