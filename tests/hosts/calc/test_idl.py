"""The UNO interface and the component's table, against the catalogue."""

from __future__ import annotations

import json
import re

from xlalvh.formulas import catalogue
from xlalvh.formulas.registry import Argument, Formula, Kind
from xlalvh.hosts.calc import idl


def test_every_formula_has_a_method_with_its_arguments() -> None:
    text = idl.idl()
    for entry in catalogue.values():
        parameters = re.search(rf"sequence< sequence<any> > {entry.name}\((.*)\);", text)
        assert parameters is not None
        assert parameters[1].count("[in]") == len(entry.arguments) + idl.needs_document(entry)


def test_references_are_cell_ranges_and_words_of_the_language_do_not_matter() -> None:
    arguments = (Argument("long", Kind.NUMBER, ""), Argument("any", Kind.REFERENCE, ""))
    entry = Formula("ALVH_TEST", "Test", "", arguments, "", "", {}, function=lambda: None)
    assert (
        "ALVH_TEST([in] any a0, [in] com::sun::star::table::XCellRange a1, "
        "[in] com::sun::star::beans::XPropertySet document);" in idl.idl({"ALVH_TEST": entry})
    )


def test_only_dates_and_references_cost_the_document() -> None:
    assert idl.needs_document(catalogue["ALVH_EXPLAIN"])
    assert not idl.needs_document(catalogue["ALVH_PRICE"])


def test_the_table_is_json_with_help_for_every_argument() -> None:
    table = json.loads(json.dumps(idl.table(["python"])))
    assert table["command"] == ["python"]
    assert list(table["functions"]) == list(catalogue)
    for name, entry in table["functions"].items():
        assert entry["help"].startswith(catalogue[name].help)
        assert [a["name"] for a in entry["arguments"]] == [a.name for a in catalogue[name].arguments]
        assert all(a["help"] for a in entry["arguments"])
