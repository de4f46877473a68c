"""Where what goes into an image comes from, and whether anybody checks it."""
