"""Pages of the authorization server: plain HTML forms, for whoever a program of somebody else has sent here."""
