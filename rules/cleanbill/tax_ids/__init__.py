"""Tax identifiers: which schemes there are, how a number is read in one, and which scheme a number belongs to.

To add a scheme, add a row to `data/schemes.csv`; where it has a check digit of its own, add a function to `validators/`.
"""
