"""What jmctl remembers: values, records, their replay, the file format, and the stores that hold them."""
