"""Planning: desired, state and observed become a plan. Pure: nothing here opens, awaits or prints."""
