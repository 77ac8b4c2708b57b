"""Excel for Windows: VBA that sends values to a Python process through xlwings' server, and the files that hold it.

`wrappers` writes the VBA from the catalogue, `server` is what that VBA reaches in Python; `vba_project` (with
`compression` and `compound_file`) makes the binary project, `package` the add-in and what a workbook needs besides.
"""
