"""The version of the library, which is part of every fingerprint."""

__version__ = "0.1.0"
