"""What people are told of: the inbox of an account, and what of it goes out by e-mail, to a webhook, or by a plugin's channel."""
