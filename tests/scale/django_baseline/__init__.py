"""The other way to keep tenants apart, measured beside ours: django-tenants gives each a schema of its own."""
