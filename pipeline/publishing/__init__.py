"""The output folder: complete or untouched, hand edits kept; knows files, no document and no ledger."""

from pipeline.publishing.folder import fresh_folder, put_in_place, refuse_among, writing_to
from pipeline.publishing.keeping import BY_HAND, Kept
from pipeline.publishing.manifest import MANIFEST, Manifest, ManifestEntry, intact, read, sha256
from pipeline.publishing.moves import today
from pipeline.publishing.single import put_file
from pipeline.publishing.zipped import zipped

__all__ = [
    "BY_HAND",
    "MANIFEST",
    "Kept",
    "Manifest",
    "ManifestEntry",
    "fresh_folder",
    "intact",
    "put_file",
    "put_in_place",
    "read",
    "refuse_among",
    "sha256",
    "today",
    "writing_to",
    "zipped",
]
