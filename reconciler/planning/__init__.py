"""The pure middle: values in, changes out. Nothing here opens, awaits or prints."""
