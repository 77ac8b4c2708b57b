"""LibreOffice Calc: the add-in, its package and the process that answers it."""
