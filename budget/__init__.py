"""The ledger of credits: lines, planned AE/CP, tranches, consumption per filing."""
