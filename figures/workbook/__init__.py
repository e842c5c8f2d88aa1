"""What every workbook to fill shares, a filing's and an annex alike: what is refused unread, and how cells look.

It stands on the ground because `contracts` and `monitoring` both use it, and neither may import the other's way up.
"""
