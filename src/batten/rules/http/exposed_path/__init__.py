"""Files that the site gives away."""
