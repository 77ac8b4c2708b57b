"""The process that answers Calc: ``python -I -m xlalvh.hosts.calc.helper``, a child of Calc's add-in.

It reads questions from its standard input and writes answers to its standard output, and ends when Calc closes the
pipe. Nothing listens on a port.
"""

from __future__ import annotations

import gc
import os
import signal

from xlalvh.hosts.calc.client import read_message, write_message


def main() -> None:
    """Answer until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in Calc's terminal is Calc's matter
    questions, answers = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what a library prints, now or later, must not reach the pipe
    from xlalvh.hosts.calc.answers import answer

    gc.freeze()
    while (question := read_message(questions)) is not None:
        write_message(answers, answer(question))


if __name__ == "__main__":
    main()
