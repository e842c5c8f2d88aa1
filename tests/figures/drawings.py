"""What every drawing must be: well-formed, named, free of style, its ids its own."""

import re
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


def texts(drawing: str) -> list[str]:
    """Every text written in the drawing, in order."""
    return [element.text or "" for element in ET.fromstring(drawing).iter(f"{SVG}text")]


def assert_is_sound(drawing: str, key: str) -> None:
    root = ET.fromstring(drawing)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert all((root[rank].text or "").strip() for rank in (0, 1))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(str(name).startswith(key) for name in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", drawing)) <= set(ids)
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=|nan|inf|-0[ \"]", drawing)
