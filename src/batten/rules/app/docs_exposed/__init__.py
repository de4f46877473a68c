"""Pages for developers and operators that every visitor can open."""
