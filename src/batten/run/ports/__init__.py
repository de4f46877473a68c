"""The audit of a machine's open ports: from inside, from outside, and by asking what answers."""
