"""A folder read whole: what comes out, what is read late, and what stops it."""

from __future__ import annotations

import hashlib
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from inotrope.drug import Load, ProductKind, check_drug_folder, list_drugs, load_drug
from inotrope.drug.rules import EVIDENCE
from inotrope.errors import LibraryError, RequestError

ROOT = Path(__file__).parents[2]
MILRINONE = ROOT / "inotrope" / "library" / "milrinone"


def test_the_shipped_drugs() -> None:
    assert list_drugs() == ("milrinone",)


@pytest.mark.parametrize("name", list_drugs())
def test_a_shipped_folder_has_no_problem(name: str) -> None:
    assert check_drug_folder(MILRINONE.parent / name) == ()


def test_a_drug_is_found_by_its_name_once() -> None:
    assert load_drug("milrinone") is load_drug(" Milrinone ")


def test_an_unknown_drug_names_the_known() -> None:
    with pytest.raises(RequestError) as caught:
        load_drug("milrinon")
    assert caught.value.says == "'milrinon' is not a drug of this program; the nearest known: 'milrinone'."
    assert caught.value.accepted == "milrinone"


def test_a_folder_may_be_named_by_a_path_or_a_text_with_a_separator(folder) -> None:
    assert load_drug(folder).name == "dobutamine"
    with pytest.raises(RequestError, match="is not a drug of this program"):
        load_drug(str(folder))  # a case may name a drug, and not choose its own rules


def test_the_parts_of_a_drug(folder) -> None:
    drug = load_drug(folder)
    assert (drug.identity.name, drug.identity.class_, drug.identity.brands) == ("dobutamine", "inotrope", ("Brand",))
    assert drug.identity.salt is not None
    assert (drug.identity.salt.factor.value, drug.identity.salt.name) == (Decimal("1.12"), "dobutamine hydrochloride")
    assert [(code.code, code.usable) for code in drug.codes] == [("C01CA07", True), ("XXXX", False)]
    assert [(item.id, item.kind, item.rxnorm) for item in drug.products] == [
        ("bag-100-mL", ProductKind.PREMIX, ""),
        ("vial-10-mL", "vial", "1"),
    ]
    assert [(item.id, str(item.concentration.value)) for item in drug.preparations] == [
        ("10-mL-in-50-mL", "200 mcg/mL")
    ]
    assert [(item.name, item.compatible) for item in drug.lines] == [("furosemide", False)]
    assert (drug.storage["vial"].text, str(drug.storage["vial"].numbers["temperature"].value)) == (
        "Keep cool.",
        "20 degC",
    )
    assert drug.composition["vial"].numbers["ph"].value == Decimal("3.5")
    assert [source.id for source in drug.texts["how_it_works"].sources] == ["label", "own-choice"]
    assert [(item.name, str(item.clearance.value)) for item in drug.named_kidneys] == [("good", "80 mL/min/1.73 m2")]
    assert [item.what for item in drug.monitoring] == ["ECG"]
    assert (drug.sources["label"].year, drug.sources["own-choice"].year) == (2020, None)
    reference = drug.products[0].strength.source
    assert (reference.id, reference.place, reference.title, reference.where, reference.status) == (
        "label",
        "products",
        "The label",
        "a shelf",
        "confirmed",
    )


def test_the_parts_of_an_entry(folder) -> None:
    (entry,) = load_drug(folder).entries
    assert (entry.id, entry.indication, entry.synonyms, entry.on_label) == ("adult", "heart failure", ("HF",), True)
    assert entry.age.minimum is not None and entry.age.maximum is not None and isinstance(entry.load, Load)
    assert (str(entry.age.minimum.value), str(entry.age.maximum.value)) == ("18 year", "110 year")
    assert (str(entry.load.dose.value), str(entry.load.duration.value)) == ("50 mcg/kg", "10 min")
    assert (str(entry.maintenance.maximum.value), entry.maintenance.maximum.note) == ("1 mcg/kg/min", "a cap")
    assert entry.total_24_h is not None and str(entry.total_24_h.minimum.value) == "0.41 mg/kg"
    assert entry.titration.level_half_lives.value == 4
    assert entry.renal is not None
    assert [(str(row.clearance), str(row.rate)) for row in entry.renal.points] == [
        ("5 mL/min/1.73 m2", "0.2 mcg/kg/min"),
        ("50 mL/min/1.73 m2", "0.4 mcg/kg/min"),
    ]
    assert entry.storage.diluted_life_elsewhere is None
    assert str(entry.numbers["weight.table_maximum"].value) == "120 kg"


def test_what_an_entry_may_leave_out(folder) -> None:
    path = folder / "dosing.toml"
    text = path.read_text()
    for start, end in (
        ("[entry.age]", "[entry.maintenance]"),
        ("[entry.total_24_h]", "[entry.duration]"),
        ("[entry.renal]", "[entry.storage]"),
    ):
        text = text[: text.index(start)] + text[text.index(end) :]
    path.write_text(text)
    (entry,) = load_drug(folder).entries
    assert (entry.load, entry.total_24_h, entry.renal, entry.kidney, entry.group) == (None,) * 5
    assert entry.age.limits == entry.gestational_age.limits == entry.postmenstrual_age.limits == ()
    assert (entry.remarks, entry.maintenance.printed) == ((), ())


def test_what_a_drug_may_leave_out(folder) -> None:
    path = folder / "drug.toml"
    text = path.read_text()
    text = text[: text.index("[storage.vial]")]
    start = text.index("[identity.salt]")
    path.write_text(text[:start] + text[text.index("[[product]]") :])
    (folder / "adverse.toml").unlink()
    drug = load_drug(folder)
    assert (drug.storage, drug.composition, drug.texts, drug.identity.salt) == ({}, {}, {}, None)
    assert (drug.codes, drug.lines, drug.adverse) == ((), (), ())


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        ("@dosing:maintenance.maximum", "1 mcg/kg/min"),
        ("@dosing:weight.table_maximum", "120 kg"),
        ("@drug:strengths.lowest", "0.1 mg/mL"),
        ("@vocabulary:serum potassium.fresh_for", "24 h"),
        ("@vocabulary:kidney.estimates_differ", "30 %"),
    ],
)
def test_a_limit_stands_in_one_place(folder, reference: str, shown: str) -> None:
    drug = load_drug(folder)
    assert str(drug.limit(reference, drug.entries[0]).value) == shown


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("@dosing:maintenance.most", "stands for nothing"),
        ("@vocabulary:serum potassium.colour", "stands for nothing"),
        ("@vocabulary:nothing.at_all", "stands for nothing"),
        ("@other:maintenance.maximum", "stands for nothing"),
        ("@vocabulary:kdigo.stage_1_ratio", "stands for a number without a unit"),
    ],
)
def test_a_limit_that_is_no_quantity_is_an_error(folder, reference: str, says: str) -> None:
    drug = load_drug(folder)
    with pytest.raises(LibraryError, match=says):
        drug.limit(reference, drug.entries[0])


def test_a_cap_belongs_to_its_entry(folder) -> None:
    with pytest.raises(LibraryError, match="stands for nothing"):
        load_drug(folder).limit("@dosing:maintenance.maximum", None)


def test_a_rule_is_found_by_its_id(folder) -> None:
    drug = load_drug(folder)
    assert drug.rule("potassium").title == "Low potassium"
    with pytest.raises(RequestError, match="'potasium' is no rule of dobutamine; the nearest known: 'potassium'"):
        drug.rule("potasium")


def test_what_the_rules_read(folder) -> None:
    drug = load_drug(folder)
    assert (drug.judged_events, drug.judged_measurements) == ({"bleeding"}, {"serum potassium"})


def test_adverse_effects_are_read_when_asked_for(folder, plant) -> None:
    drug = load_drug(folder)
    (effect,) = drug.adverse
    assert (effect.name, effect.group, effect.part_of, effect.context) == (
        "fast heartbeat",
        "common",
        "arrhythmia",
        "one trial",
    )
    assert effect.frequency is not None and str(effect.frequency.value) == "10 %"
    assert {arm: str(share.value) for arm, share in effect.trials[0].arms.items()} == {
        "dobutamine": "12 %",
        "placebo": "3 %",
    }
    plant("adverse.toml", 'value = "12 %"', 'value = "12"')
    with pytest.raises(LibraryError, match=r"adverse\.toml, line 15: effect\[0\]\.trial\[0\]\.dobutamine\.value"):
        _ = load_drug(folder).adverse


def test_adverse_effects_are_checked_with_the_folder(proves) -> None:
    proves("adverse.toml", 'group = "common"', 'group = "rare"', key="effect[0].group", says="'rare' is not one of")


def test_the_digest_covers_names_and_contents_of_all_files(folder) -> None:
    first = load_drug(folder).digest
    expected = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        expected.update(f"{path.name}\0{len(content)}\0".encode() + content)
    assert first == expected.hexdigest()
    (folder / "models").mkdir()
    (folder / "models" / "somebody_2020.toml").write_text("x = 1")
    second = load_drug(folder).digest
    (folder / "page.md").write_text("A page.")
    assert len({first, second, load_drug(folder).digest}) == 3


def test_the_same_files_elsewhere_have_the_same_digest(folder, tmp_path) -> None:
    copy = shutil.copytree(folder, tmp_path / "elsewhere")
    assert load_drug(copy).digest == load_drug(folder).digest


@pytest.mark.parametrize(
    ("file", "content", "where", "says"),
    [
        ("drug.toml", None, "dobutamine/drug.toml", "does not exist"),
        ("safety.toml", b"", "dobutamine/safety.toml", "The file is empty."),
        ("safety.toml", b"a = ", "dobutamine/safety.toml", "This is not TOML"),
        ("sources.toml", b"\xff\xfe", "dobutamine/sources.toml", "The text is not UTF-8"),
        ("adverse.toml", b"[[effect]", "dobutamine/adverse.toml", "This is not TOML"),
        ("adverse.toml", b'drug = "milrinone"', "dobutamine/adverse.toml, line 1: drug", "not the drug of this folder"),
        ("adverse.toml", b'drgu = "milrinone"', "dobutamine/adverse.toml: drug", "Key 'drug' is missing"),
    ],
)
def test_a_file_that_cannot_be_read(folder, file: str, content: bytes | None, where: str, says: str) -> None:
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content)
    problems = check_drug_folder(folder)
    assert problems[0].where == where and says in problems[0].says
    if file == "adverse.toml":
        load_drug(folder)  # no dose needs it
    else:
        with pytest.raises(LibraryError, match=says):
            load_drug(folder)


def test_a_folder_that_is_none(tmp_path) -> None:
    problems = check_drug_folder(tmp_path / "nowhere")
    assert [problem.where for problem in problems] == [
        f"nowhere/{name}.toml" for name in ("sources", "drug", "dosing", "safety")
    ]


@pytest.mark.parametrize("file", ["dosing.toml", "safety.toml"])
def test_every_file_is_about_the_same_drug(proves, file: str) -> None:
    says = "'milrinone' is not the drug of this folder, 'dobutamine'"
    old = 'drug = "dobutamine"\n\n[[' if file == "dosing.toml" else 'drug = "dobutamine"'
    new = old.replace("dobutamine", "milrinone")
    proves(file, old, new, key="drug", says=says)


def test_an_entry_is_about_the_same_drug(proves) -> None:
    old = 'id = "adult"\ndrug = "dobutamine"'
    says = "'milrinone' is not the drug of this folder, 'dobutamine'"
    new = old.replace("dobutamine", "milrinone")
    proves("dosing.toml", old, new, key="entry[0].drug", says=says, at='drug = "milrinone"')


def test_the_first_problem_is_raised_and_the_others_are_counted(folder, plant) -> None:
    plant("dosing.toml", 'value = "10 min"', 'value = "10"')
    plant("dosing.toml", 'value = "2 %"', 'value = "2"')
    with pytest.raises(LibraryError, match=r"'10' has no unit.* 1 more: see 'inotrope drug check'\.") as caught:
        load_drug(folder)
    assert caught.value.where == "dobutamine/dosing.toml, line 22: entry[0].load.duration.value"


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ('kind = "vial"\nname', 'kind = "ampule"\nname', "product[1].kind", "'ampule' is not one of 'premix', 'vial'"),
        (
            'drug_volume = { value = "10 mL"',
            'drug_volume = { value = "10"',
            "preparation[0].drug_volume.value",
            "has no unit",
        ),
        ("compatible = false", 'compatible = "no"', "line[0].compatible", "'no' is not true or false"),
        ('with = "furosemide"', 'with = "furosemid"', "line[0].with", "'furosemid' is not in the vocabulary"),
        ('text = "It makes the heart stronger."', 'text = ""', "text.how_it_works.text", "'' is not a text"),
        ('formula = "C18H23NO3"', 'formulas = "C18H23NO3"', "identity.formulas", "the nearest known: 'formula'"),
        ('name = "dobutamine"\nclass_', 'name = "dobutamin"\nclass_', "identity.name", "is not in the vocabulary"),
        (
            'class_ = "inotrope"',
            'class_ = "inotropic"',
            "identity.class_",
            "is not the class of the vocabulary, 'inotrope'",
        ),
    ],
)
def test_identity_products_and_lines(proves, old: str, new: str, key: str, says: str) -> None:
    proves("drug.toml", old, new, key=key, says=says, alone="name" not in key)


MORE = """[[rule]]
id = "ID"
title = "Another"
severity = "inform"
effect = "none"
override = false
says = "Edema."
advice = "Look."
when = { condition = "edema" }
source = ["label:x"]
status = "confirmed"
[rule.evidence]
"""


def more_rules(folder, name: str, id_: str) -> None:
    (folder / "safety").mkdir(exist_ok=True)
    evidence = "\n".join(f'{item} = "x"' for item in EVIDENCE)
    (folder / "safety" / name).write_text(MORE.replace("ID", id_) + evidence + "\n")


def test_more_rules_follow_in_the_order_of_the_files(folder) -> None:
    first = [rule.id for rule in load_drug(folder).rules]
    more_rules(folder, "20-later.toml", "later")
    more_rules(folder, "10-sooner.toml", "sooner")
    drug = load_drug(folder)
    assert [rule.id for rule in drug.rules] == [*first, "sooner", "later"]
    before = drug.digest
    more_rules(folder, "20-later.toml", "latest")
    assert load_drug(folder).digest != before


def test_an_id_stands_once_in_all_files(folder) -> None:
    more_rules(folder, "10-sooner.toml", "allergy")
    (problem,) = check_drug_folder(folder)
    assert "Id 'allergy' stands twice" in problem.says
    assert problem.where.startswith("dobutamine/safety/10-sooner.toml, line 2")


def test_a_file_of_rules_that_is_none_is_named(folder) -> None:
    (folder / "safety").mkdir()
    (folder / "safety" / "10-empty.toml").write_text("")
    assert [problem.where for problem in check_drug_folder(folder)] == ["dobutamine/safety/10-empty.toml"]
    (folder / "safety" / "10-empty.toml").write_text("rules = 1")
    assert "Key 'rule' is missing" in " ".join(problem.says for problem in check_drug_folder(folder))


def test_an_adverse_effect_names_rules_that_exist(folder, plant, proves) -> None:
    plant("adverse.toml", 'context = "one trial"', 'context = "one trial"\nrules = ["potassium"]')
    assert load_drug(folder).adverse[0].rules == ("potassium",)
    proves(
        "adverse.toml",
        'rules = ["potassium"]',
        'rules = ["potasium"]',
        key="effect[0].rules[0]",
        says="'potasium' is no rule of this drug; the nearest known: 'potassium'",
    )
