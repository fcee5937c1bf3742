"""What measured levels say of one patient: every model with a known spread fitted, side by side and then weighed.

It proposes no dose. Names are looked up in their files: a plan waits for none of this.
"""
