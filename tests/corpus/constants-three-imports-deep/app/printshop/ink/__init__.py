from printshop.ink.colours import *  # noqa: F403
