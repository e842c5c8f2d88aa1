"""The demo's mailbox: a real SMTP server on this machine that delivers to nobody and shows what it received."""
