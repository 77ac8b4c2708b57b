"""Excel for Mac and on the web: the catalogue as custom functions of xlwings Server, over HTTPS with a token.

An extra (in the checkout ``pip install .[serve]``); `functions` needs a key of xlwings PRO to be imported. xlwings'
wheel has no browser code (its ``custom_functions_code`` reads a file not shipped), so the add-in's page is ours.
"""
