"""The test kit's fixtures, for every test of the repository."""

pytest_plugins = ["wuji.testing.fixtures"]
