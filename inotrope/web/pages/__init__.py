"""The screens, a file each; every one has a `router`, and is found by being here."""
