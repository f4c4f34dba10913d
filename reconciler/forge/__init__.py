"""Code hosts over HTTP: comments on pull requests, issues, checks. GitHub and GitLab behind one protocol."""
