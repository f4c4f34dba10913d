"""Resource kinds: the protocol that each kind implements, field rules, comparison, and one folder a kind."""
