"""The way in: accounts, passwords, one-time codes, roles."""
