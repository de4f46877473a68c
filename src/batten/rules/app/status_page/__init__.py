"""Pages on which an app server tells about itself."""
