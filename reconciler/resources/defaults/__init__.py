"""The part Defaults: values for every interview in a folder and below."""
