"""The kind Interview: fields, model, checks, question identity, ownership mark, generation and price."""
