"""A plan that is kept so that it can be asked what else would be: prepared once, asked often, with the same draws.

It proposes nothing and allows nothing: a rate that is supposed is no order. Names are looked up in their files, so that
no plan waits for this.
"""
