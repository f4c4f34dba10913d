"""From bytes to plain values that know their places: the YAML that jmctl accepts, and why it refuses the rest."""
