"""What a tenant chooses for its screen."""

FIGURES, MOST = "screen.figures", 3
