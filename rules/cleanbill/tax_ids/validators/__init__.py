"""Checks of single numbers: one function for each scheme whose python-stdnum module is missing, incomplete or wrong."""
