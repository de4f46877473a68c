"""What production installs, and from where."""
