"""What is done about login providers and those who come by them."""
