"""The life of an account beside its logins: what its person agreed to, closing it, joining two of them."""
