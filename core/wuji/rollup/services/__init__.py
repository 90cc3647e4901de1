"""What figures do: counted, put together, read."""
