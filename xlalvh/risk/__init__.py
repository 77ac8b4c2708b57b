"""What a position risks, and what its capital and its hedge earn or cost."""
