"""What production installs: distributions, their versions, where they come from, and the runtimes below them."""
