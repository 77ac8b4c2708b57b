"""Programs that show the catalogue: each knows the registry, none knows another."""
