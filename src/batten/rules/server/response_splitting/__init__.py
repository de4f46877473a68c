"""Text of a visitor that becomes lines of a request or an answer."""
