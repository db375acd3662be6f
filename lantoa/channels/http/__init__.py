"""What channels over HTTP have in common: the session that keeps an account busy, forms, answers, webhooks."""
