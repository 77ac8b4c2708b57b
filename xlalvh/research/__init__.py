"""Research on the past: its history, what options cost in it, and what the method would have earned."""
