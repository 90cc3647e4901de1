"""What web serves is an ASGI application: live updates are answered on the event loop, everything else by Flask in threads."""
