"""Models of libraries, one file each; `evaluate.library` says when each is loaded."""
