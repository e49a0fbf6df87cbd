"""Contacts: what a phone number, an e-mail address or a name says, and what it takes to read it."""
