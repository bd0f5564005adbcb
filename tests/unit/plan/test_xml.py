from __future__ import annotations

import msgspec

from specgw.plan.xml import Xml, XmlNode


def test_nodes_mean_each_other_by_their_index() -> None:
    xml = Xml(nodes=(XmlNode(properties={"id": 1}), XmlNode(kind="attribute")))
    assert msgspec.json.decode(msgspec.json.encode(xml), type=Xml) == xml
