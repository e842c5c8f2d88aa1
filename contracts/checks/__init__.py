"""The checks of a contract: coded, registered when the application starts, and all that can make an anomaly."""
