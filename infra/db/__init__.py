"""PostgreSQL: tables, connections, migrations, and the server of a bare machine."""
