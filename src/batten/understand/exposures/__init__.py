"""Files that a site gives away: where each is asked for, and what in the answer proves it. Never the status alone."""
