"""What a PDE3 inhibitor is expected to do to this patient's heart and vessels: before and during, step by step.

It explains and warns. It selects no rate, and no dose comes from it. Names are looked up in their files: a plan waits
for none of this.
"""
