"""What browsers are told about the app's cookies."""
