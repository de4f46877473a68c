"""What browsers are told to refuse on the app's pages."""
