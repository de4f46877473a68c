"""Headers as they came, where that makes a difference to browsers."""
