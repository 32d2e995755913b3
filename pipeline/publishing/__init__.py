"""The output folder: complete or untouched, with what was edited by hand kept; knows files, no document and no ledger."""

from pipeline.publishing.folder import BY_HAND, Kept, fresh_folder, put_in_place, telling
from pipeline.publishing.manifest import MANIFEST, Entry, Manifest, sha256

__all__ = ["BY_HAND", "MANIFEST", "Entry", "Kept", "Manifest", "fresh_folder", "put_in_place", "sha256", "telling"]
