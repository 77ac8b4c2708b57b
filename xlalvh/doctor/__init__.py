"""What stands between a user and a formula's value, link by link: what was found, what is wrong, the remedy.

`check` is the form of a finding; `program`, `calc` and `windows` look at this machine, `books` at a user's files,
`excel` drives a real Excel.
"""
