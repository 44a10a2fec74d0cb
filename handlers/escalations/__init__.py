"""Questions of a site that somebody higher up decides."""
