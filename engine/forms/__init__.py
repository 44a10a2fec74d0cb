"""form-js schemas on the server: the same rules as in the browser."""
