"""The report as one self-contained HTML page: no script, nothing fetched, a strict policy of its own."""
