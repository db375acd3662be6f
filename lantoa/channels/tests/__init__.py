"""What every adapter keeps to, and what is each one's own."""
