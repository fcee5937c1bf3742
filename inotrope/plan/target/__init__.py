"""The rate that most probably keeps a patient in a wanted range, among those that a plan allows him now.

It lifts nothing that a plan withholds, and allows nothing by itself. Names are looked up in their files: a plan waits
for none of this.
"""
