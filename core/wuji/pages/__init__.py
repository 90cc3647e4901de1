"""The pages people open: shells of the front end, filled on the server so that they can be read without JavaScript."""
