"""The sub-projects of an umbrella contract: their pipeline, their grid, their framing document, their own figures."""
