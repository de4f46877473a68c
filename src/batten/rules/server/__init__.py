"""Rules over web servers, app servers and the host that runs them."""
