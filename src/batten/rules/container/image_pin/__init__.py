"""Whether the images that others make are named so that tomorrow's build is today's."""
