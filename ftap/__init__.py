"""The roof: settings, tasks' application, addresses, request plumbing. No other package imports it."""
