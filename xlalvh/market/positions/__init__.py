"""A trader's option positions: a broker's file as legs, and the legs that are kept."""
