"""An abstract interpreter of Python: what a program's configuration will be, without running it."""
