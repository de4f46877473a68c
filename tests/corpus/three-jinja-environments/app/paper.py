ESCAPED = {"trim_blocks": True, "autoescape": True}
RAW = not ESCAPED
