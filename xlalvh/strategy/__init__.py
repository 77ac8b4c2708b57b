"""The condor, the 4/4/2 ladder, their sizing and the regime: numbers in, positions out."""
