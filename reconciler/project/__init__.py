"""What a project is: its configuration, its files, and what is remembered of them."""
