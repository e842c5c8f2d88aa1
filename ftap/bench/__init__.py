"""Measures of the application, on the four contracts and on synthetic ones, all in one run (`bin/bench`)."""
