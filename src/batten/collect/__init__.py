"""The windows to the outside: the only room that looks at disks, sockets and the clock."""

from batten.collect.disk import directory_of, read_anywhere, read_given
from batten.collect.tree import Tree

__all__ = ["Tree", "directory_of", "read_anywhere", "read_given"]
