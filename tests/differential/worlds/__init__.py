"""Invented worlds for the comparison with the real Hermes Agent: the parts of `generate.py`."""
