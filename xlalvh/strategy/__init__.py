"""The condor, the 4/4/2 ladder, their sizing, signals, regime and playbook: numbers in, positions and advice out."""
