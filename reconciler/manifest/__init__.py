"""What a human may write: models that judge a document, checks across its fields, and the words for each mistake.

The models only judge: the value that goes on is the document as written. Names, types, enums, limits and where null is
allowed are those of the service's create request; the descriptions are our own words. Nothing is imported here, because
an interview out of the cache needs no model.
"""
