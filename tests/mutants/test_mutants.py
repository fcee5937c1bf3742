"""Every mutant of the rules and limits is noticed, or carries a proof that no case can tell it apart."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.mutants.killing import (
    By,
    Killer,
    asked_while_running,
    flags_of,
    parts_in_causes,
    read_causes_table,
    read_proofs,
    read_table,
    read_while_running_table,
)
from tests.mutants.mutant import Mutant
from tests.mutants.mutator import all_mutants
from tests.mutants.report import table

SHARES = 4
"""Parts into which the mutants are split, so that several processes share them."""
SAMPLE = 29
"""One mutant in 29 of each operator is judged in `make test`, the first always; `make test-slow` judges all."""


@pytest.fixture(scope="module")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Killer:
    """The original with every worked case run on it, once for all tests; each mutant leaves it as it was."""
    return Killer(tmp_path_factory.mktemp("mutants"))


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_every_mutant_is_noticed_or_proved_equivalent(share: int, killer: Killer) -> None:
    mutants = all_mutants()[share::SHARES]
    assert_noticed(mutants, f"part {share + 1} of {SHARES}", killer)


@pytest.mark.timeout(1200)
def test_a_sample_of_every_kind_of_mutant_is_noticed(killer: Killer) -> None:
    of: dict[str, list[Mutant]] = {}
    for mutant in all_mutants():
        of.setdefault(mutant.operator, []).append(mutant)
    sample = [mutant for kind in of.values() for mutant in kind[::SAMPLE]]
    assert {mutant.operator for mutant in sample} == set(of)
    assert_noticed(sample, f"one in {SAMPLE} of each operator", killer)


def assert_noticed(mutants: Sequence[Mutant], which: str, killer: Killer) -> None:
    """Every one of them is noticed, or carries a proof and is not noticed."""
    proofs = read_proofs()
    verdicts = [killer.judge(mutant) for mutant in mutants]
    print(f"\nmutants, {which}\n{table(verdicts)}")
    survivors = [v.mutant.id for v in verdicts if v.by is By.NOBODY and v.mutant.id not in proofs]
    assert not survivors, "nobody notices these; write the missing case, or a proof"
    noticed = {v.mutant.id: f"{v.mutant.id}, noticed by {v.by}: {v.of}" for v in verdicts if v.by is not By.NOBODY}
    assert not [says for name, says in noticed.items() if name in proofs], (
        "these are said to be equivalent, and are not"
    )


def test_every_proof_belongs_to_a_mutant_that_exists() -> None:
    assert set(read_proofs()) <= {mutant.id for mutant in all_mutants()}


def test_every_proof_says_why() -> None:
    assert all(len(because.split()) >= 8 for because in read_proofs().values())


def test_a_proof_counts_only_while_nobody_notices(killer: Killer) -> None:
    first = next(mutant for mutant in all_mutants() if mutant.operator == "drop a rule")
    assert killer.judge(first).by is not By.NOBODY
    assert (killer.folder / first.file).read_text("utf-8") == "\n".join(killer.lines[first.file])


def test_every_worked_case_passes_on_the_original(killer: Killer) -> None:
    assert [deck.id for deck in killer.decks if deck not in killer.sound] == []
    assert [killer.not_shown(killer.drug, item) for item in killer.shown] == [""] * len(killer.shown)


def test_the_rules_are_those_of_the_table(killer: Killer) -> None:
    drug = killer.drug
    assert {rule.id: flags_of(rule) for rule in drug.rules} == read_table()
    assert parts_in_causes(drug) == read_causes_table()
    assert asked_while_running(drug) == read_while_running_table()
