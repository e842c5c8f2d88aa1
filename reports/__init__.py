"""Promise and reality side by side: situations, snapshots, PDF, XLSX, deliveries."""
