"""`NetworkData` as a pyvis `Network`: the way in for notebooks. The only file that knows pyvis."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from pyvis.network import Network

from kg.publishing.network.page import page
from kg.publishing.network.values import Mark, NetworkData

_DASHES: dict[Mark, bool | list[int]] = {
    Mark.FACT: False,
    Mark.CLAIM: [8, 5],
    Mark.PLAN: [2, 5],
    Mark.DENIAL: [10, 4, 2, 4],
}


class Explorer(Network):  # type: ignore[misc]
    """A pyvis network that writes and shows our page instead of pyvis's own.

    Nodes and edges are pyvis's to look at and to count; the page shows the data the network was made from.
    """

    def __init__(self, data: NetworkData, *, title: str | None = None, height: str = "720px") -> None:
        # in_line: any other mode copies a lib/ folder into the working directory.
        super().__init__(height=height, width="100%", directed=True, cdn_resources="in_line")
        self._data = data
        self._title = title
        self.toggle_physics(False)
        for node in data.nodes:
            self.add_node(
                node.iri, label=node.label, x=node.x, y=node.y, physics=False, shape="dot", size=8 + 60 * node.rank
            )
        for edge in data.edges:
            if edge.target is not None:
                self.add_edge(edge.source, edge.target, label=edge.label, dashes=_DASHES[edge.mark])

    def generate_html(self, name: str = "index.html", local: bool = True, notebook: bool = False) -> str:
        """The self-contained page; the arguments are pyvis's and change nothing."""
        self.html = page(self._data, title=self._title)
        return self.html

    def write_html(self, name: str, local: bool = True, notebook: bool = False, open_browser: bool = False) -> None:
        """Writes the page in UTF-8, whatever the locale; `open_browser` shows it."""
        path = Path(name)
        path.write_text(self.generate_html(name), encoding="utf-8", newline="\n")
        if open_browser:
            webbrowser.open(path.resolve().as_uri())
