"""What a figure is: amounts, French numbers, periods, codes, operators, rounding; and figures drawn as SVG.

Pure functions and frozen values: no Django, no clock, no input or output. Every other package may import this one.
"""
