"""What is known of Zalo's business interface: its codes, its tokens, its events."""
