"""One drawing as SVG that stands in the page: by Vega-Lite, coloured by the page's own style, without a script.

Colours are CSS variables, so that one drawing serves light, dark and paper. vl_convert is imported here alone.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from reconciler.text.sanitize import printable
from reconciler.views.results.page import missing, plot

_LABEL = 19  # characters of a question's name; of a longer one the middle is left out, the table has it whole
_CONFIG = {
    "font": "inherit",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--ink)",
        "titleColor": "var(--quiet)",
        "domainColor": "var(--rule)",
        "gridColor": "var(--rule)",
        "tickColor": "var(--rule)",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
}


def label(number: int, key: str) -> str:
    """A question's number and name, short enough to stand beside a plot on a phone."""
    half = _LABEL // 2
    return printable(f"{number}. {key if len(key) <= _LABEL else f'{key[:half]}…{key[-half:]}'}")


def drawn(spec: dict[str, Any], words: str) -> Any:
    """The drawing, None of nothing; for a screen reader it is called `words`, its numbers are in the table beneath."""
    if not spec["data"]["values"]:
        return None
    try:
        import vl_convert
    except ImportError:
        raise missing("plots") from None
    svg = vl_convert.vegalite_to_svg(spec | {"background": None, "config": _CONFIG, "padding": 2})
    picture = ET.fromstring(svg)  # noqa: S314 - drawn one line above
    for element in picture.iter():  # roles inside would contradict that it is one picture
        for name in [name for name in element.attrib if name == "role" or name.startswith("aria-")]:
            del element.attrib[name]
    picture.attrib |= {"role": "img", "focusable": "false", "aria-label": printable(words)}
    return plot(ET.tostring(picture, encoding="unicode"))


ET.register_namespace("", "http://www.w3.org/2000/svg")
