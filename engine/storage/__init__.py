"""Tables, sessions, migrations, stored files."""
