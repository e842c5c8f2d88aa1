"""Who: people, roles on perimeters, what each role may do, audit trail."""
