"""What a branch under review cannot decide: where the token goes, which command prints it, its settings."""
