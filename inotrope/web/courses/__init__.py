"""The courses on the page: what a page carries of one, what is put into it, and who says so.

Nothing is kept here: `course` keeps it, and says what an entry means. Without a store the page is as ever.
"""
