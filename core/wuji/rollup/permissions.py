"""Who sees figures: officials, of their own subtree."""

from wuji.kit.permission import Permission

READ = "rollup.figure.read"
PERMISSIONS = (Permission(READ, roles=("head", "clerk")),)
