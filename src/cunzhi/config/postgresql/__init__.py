"""Django's PostgreSQL with less work for each statement; settings name it as ENGINE."""
