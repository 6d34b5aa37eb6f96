"""Django's PostgreSQL with fewer words on the wire; settings name it as ENGINE."""
