"""What candidates answered, joined to the manifest that asked. Values and pure rooms; nothing here asks the service."""
