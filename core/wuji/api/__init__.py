"""The only package that plugins import, beside wuji.testing. What stands here stays."""
