"""Results shown: one outline or tally, one file per format. Text from candidates is data in every one of them."""
