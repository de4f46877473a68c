"""One file per format, each with `render(report, …) -> str`. A report in, text out; nothing is decided here."""

FORMATS = ("text", "json", "sarif", "html", "markdown", "junit", "github", "gitlab")
"""What `--format` and `--output` take; each is a module of this room."""
