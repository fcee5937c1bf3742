"""The independent double check: what one person means to set, and what a second one entered without seeing it.

It compares and computes nothing: two people who agree can both be wrong. Names are looked up in their files.
"""
