"""The service over HTTP. The only room that knows httpx, routes and the service's own names for things."""
