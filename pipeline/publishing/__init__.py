"""The output folder: complete or untouched, hand edits kept; knows files, no document and no ledger."""

from pipeline.publishing.folder import fresh_folder, put_in_place, refuse_among, writing_to
from pipeline.publishing.keeping import BY_HAND, Kept
from pipeline.publishing.manifest import MANIFEST, Manifest, ManifestEntry, intact, read
from pipeline.publishing.moves import today
from pipeline.publishing.placing import PlacedFiles, place
from pipeline.publishing.single import put_file
from pipeline.publishing.zipped import zipped
from pipeline.walking import sha256

__all__ = [
    "BY_HAND",
    "MANIFEST",
    "Kept",
    "Manifest",
    "ManifestEntry",
    "PlacedFiles",
    "fresh_folder",
    "intact",
    "place",
    "put_file",
    "put_in_place",
    "read",
    "refuse_among",
    "sha256",
    "today",
    "writing_to",
    "zipped",
]
