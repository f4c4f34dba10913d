"""Shared stores: compare-and-swap of one document in a git ref, an object store or behind Terraform's http protocol."""
