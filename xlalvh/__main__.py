"""``python -m xlalvh`` is the command line."""

from xlalvh.cli import main

if __name__ == "__main__":
    main()
