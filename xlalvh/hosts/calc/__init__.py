"""LibreOffice Calc: the add-in, its package, and the process that answers it.

A cell's call goes from `component` (in Calc's Python) through `client` over a pipe to `helper` (in the project's
Python), whose `answers` asks the registry. `idl` says what Calc must know of the catalogue, `package` makes the
``.oxt``, `binding` connects the formulas of Excel files, `session` drives a Calc of our own through `driver`.

What differs from Excel:

- A blank cell as one argument arrives as 0, TRUE as 1; in a range a blank stays a blank. ``ALVH_EXPLAIN`` reads the
  cells themselves and says "blank".
- A cell with an error as one argument shows that error without a call; one such cell in a range shows Err:504.
- ``ALVH_EXPLAIN`` takes a reference only, not text.
- Results are arrays, of one cell where there is one: ``TYPE(ALVH_PRICE(...))`` gives 64, and ``ERROR.TYPE`` wants the
  formula in a cell of its own (``IFERROR``, ``ISNUMBER``, ``IFNA`` do not).
- Dates follow the document's own date system, 1900 or 1904.
- Excel files hold plain names, which get connected after a visible load only, not by ``soffice --convert-to``; a sheet
  with a password stays as it is. Names in conditions, validations and defined names are not connected.
"""
