"""Settings, URLs and the application server's entry."""
