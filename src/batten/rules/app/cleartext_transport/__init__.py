"""Links to other machines that anybody on the way can read."""
