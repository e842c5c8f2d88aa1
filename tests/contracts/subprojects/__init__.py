"""Sub-projects of an umbrella contract: figures, grid, pipeline, pages."""
