"""What the seeds claim in numbers, what history says to it, and how sure that is."""
