"""What history says about the method: the past, models of it, and what was measured."""
