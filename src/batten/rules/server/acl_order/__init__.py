"""Access that is granted where it was meant to be denied."""
