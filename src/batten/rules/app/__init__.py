"""What the app itself decides: its code, its settings, the server it is started with."""
