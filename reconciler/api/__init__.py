"""Client of the service over HTTP: routes, retries and the service's own names. httpx is imported here alone."""
