"""What a human may write: the models that judge a document and describe it to editors.

The models only judge: the value that goes on is the document as written. Names, types, enums, limits and where null is
allowed are those of the service's create request; the descriptions are our own words.
"""

from reconciler.manifest.document import API_VERSION, KIND, Manifest

__all__ = ["API_VERSION", "KIND", "Manifest"]
