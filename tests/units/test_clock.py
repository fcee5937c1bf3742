# ruff: noqa: RUF001 - letters that look like others are what is tested
"""Moments with a zone, dates, and the two nights of the year on which a wall clock cannot be trusted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inotrope.errors import CaseError, UnitError
from inotrope.units import Quantity, completed_years, hours_between, later, read_date, read_time

BERLIN = timezone(timedelta(hours=1))


def short(value: object) -> str:
    return ascii(value)[:30]


def refused_time(text: object) -> CaseError:
    with pytest.raises(CaseError) as caught:
        read_time(text, what="Start")
    assert str(caught.value).startswith("Start '")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 250
    return caught.value


def t(text: str) -> datetime:
    return read_time(text, what="Start")


# --- moments ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-22T08:00:00+01:00", datetime(2026, 11, 22, 7, 0, tzinfo=UTC)),
        ("2026-11-22T08:00:00+0100", datetime(2026, 11, 22, 7, 0, tzinfo=UTC)),
        ("2026-11-22T08:00Z", datetime(2026, 11, 22, 8, 0, tzinfo=UTC)),
        ("2026-11-22T08:00:00-00:00", datetime(2026, 11, 22, 8, 0, tzinfo=UTC)),
        ("2026-11-22T08:00:00.000001Z", datetime(2026, 11, 22, 8, 0, 0, 1, tzinfo=UTC)),
        ("2026-11-22T08:00:00.5Z", datetime(2026, 11, 22, 8, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-22T08:00:00.123456789Z", datetime(2026, 11, 22, 8, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-11-22T08:00:00-09:30", datetime(2026, 11, 22, 17, 30, tzinfo=UTC)),
        ("2024-02-29T23:59:59Z", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
        ("1900-01-01T00:00:00+14:00", datetime(1899, 12, 31, 10, 0, tzinfo=UTC)),
        ("2199-12-31T23:59:59-12:00", datetime(2200, 1, 1, 11, 59, 59, tzinfo=UTC)),
    ],
)
def test_moments(text: str, moment: datetime) -> None:
    assert t(text) == moment


def test_the_offset_that_was_written_stays() -> None:
    assert t("2026-11-22T08:00:00+01:00").isoformat() == "2026-11-22T08:00:00+01:00"


@pytest.mark.parametrize(
    "text",
    [
        "", "T", "2026", "2026-11-22", "2026-11-22 08:00:00Z", "2026-11-22t08:00Z", "2026-11-22T08:00z",
        "2026-11-22T08Z", "20261122T080000Z", "2026-W47-7T08:00:00Z", "2026-326T08:00Z", "2026-11-22T08:00:00,5Z",
        "22.11.2026T08:00Z", "11/22/2026T08:00Z", "2026-02-29T08:00:00Z", "2026-13-01T08:00Z", "2026-11-31T08:00Z",
        "2026-11-22T24:00:00Z", "2026-11-22T25:00Z", "2026-11-22T08:60Z", "2026-11-22T08:00:60Z",
        "2026-11-22T08:00:00+24:00", "2026-11-22T08:00:00+1", "2026-11-22T08:00:00+01:00:30",
        "2026-11-22T08:00:00 +01:00",
        "2026-11-22T08:00:00 CET", "2026-11-22T08:00:00Z ", " 2026-11-22T08:00:00Z", "2026-11-22T08:00:00Z\n",
        "2026-11-22T08:00:00Z\x00", "2026-11-22T08:00:00\u221201:00", "٢٠٢٦-11-22T08:00:00Z", "2026-11-22T٠٨:00:00Z",
        "２０２６-11-22T08:00:00Z", "0000-01-01T00:00Z", "now", "x" * 10_000,
        "2026-11-22T08:00:00." + "0" * 10_000 + "Z",
        "\x1b[2J",
    ],
    ids=short,
)  # fmt: skip
def test_what_is_not_a_moment(text: str) -> None:
    error = refused_time(text)
    assert "is not a date and time with its zone, such as 2026-11-22T08:00:00+01:00." in str(error)
    assert error.accepted == "a date and time with its zone, such as 2026-11-22T08:00:00+01:00"


@pytest.mark.parametrize("value", [None, 0, 1763798400, 5.5, True, b"2026-11-22T08:00:00Z", [], date(2026, 11, 22)])
def test_what_is_not_text(value: object) -> None:
    assert "is not a date and time with its zone" in str(refused_time(value))


@pytest.mark.parametrize("text", ["2026-11-22T08:00:00", "2026-11-22T08:00", "2026-11-22T08:00:00.5"])
def test_a_zone_is_never_guessed(text: str) -> None:
    assert str(refused_time(text)) == (f"Start '{text}' has no time zone. Write '{text}Z' or an offset such as +01:00.")
    assert t(text + "Z").tzinfo is not None


@pytest.mark.parametrize("offset", ["+14:01", "+23:59", "-12:01", "-23:59", "+1500"])
def test_an_offset_that_no_clock_has(offset: str) -> None:
    text = f"2026-11-22T08:00:00{offset}"
    error = refused_time(text)
    assert str(error) == f"Start '{text}' has an offset that no clock on earth has. Check it: from -12:00 to +14:00."
    assert (error.value, error.accepted) == (text, "an offset from -12:00 to +14:00")


def test_the_offsets_of_the_first_and_the_last_clock() -> None:
    assert hours_between(t("2026-11-22T08:00:00+14:00"), t("2026-11-22T08:00:00-12:00")) == 26
    assert "is not a date and time" in str(refused_time("2026-11-22T08:00:00+01:60"))


def test_a_moment_of_python_needs_a_zone_as_well() -> None:
    assert "has no time zone" in str(refused_time(datetime(2026, 11, 22, 8, 0)))  # noqa: DTZ001
    moment = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    assert t(moment) == moment  # type: ignore[arg-type]


def test_a_named_zone_becomes_the_offset_it_had_at_that_moment() -> None:
    zone = ZoneInfo("Europe/Berlin")
    first = read_time(datetime(2026, 10, 25, 2, 30, tzinfo=zone), what="Start")
    second = read_time(datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=1), what="Start")
    assert first.isoformat() == "2026-10-25T02:30:00+02:00"
    assert second.isoformat() == "2026-10-25T02:30:00+01:00"
    assert hours_between(first, second) == 1


@pytest.mark.parametrize(
    "text", ["1899-12-31T23:59:59Z", "0001-01-01T00:00:00+05:00", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59-05:00"]
)
def test_years_of_no_patient(text: str) -> None:
    assert "is not between 1900 and 2199. Check the year." in str(refused_time(text))


# --- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1958-03-02", date(1958, 3, 2)),
        ("1956-02-29", date(1956, 2, 29)),
        ("2000-02-29", date(2000, 2, 29)),
        ("1900-01-01", date(1900, 1, 1)),
    ],
)
def test_dates(text: str, day: date) -> None:
    assert read_date(text, what="Birth") == day


@pytest.mark.parametrize(
    "text",
    [
        "", "1958", "1958-03", "19580302", "1958-3-2", "02.03.1958", "3/2/1958", "1958-02-29", "1900-02-29",
        "1958-13-01", "1958-00-01", "2026-W47-7", "2026-326", "1958-03-02T00:00", " 1958-03-02", "1958-03-02\n",
        "١٩٥٨-03-02", "１９５８-03-02", "1958−03−02", "0000-01-01", "x" * 10_000, "\x00", None, 1958, 1958.3, True,
        b"1958-03-02", [], date(1958, 3, 2), datetime(1958, 3, 2, tzinfo=UTC),
    ],
    ids=short,
)  # fmt: skip
def test_what_is_not_a_date(text: object) -> None:
    with pytest.raises(CaseError, match=r"is not a date such as 1958-03-02\.") as caught:
        read_date(text, what="Birth")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("text", ["1899-12-31", "0001-01-01", "2200-01-01", "9999-12-31"])
def test_birth_years_of_no_patient(text: str) -> None:
    with pytest.raises(CaseError, match=f"Birth '{text}' is not between 1900 and 2199. Check the year."):
        read_date(text, what="Birth")


# --- between ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-22T08:00:00+01:00", "2026-11-22T08:00:00+01:00", "0"),
        ("2026-11-21T20:10:00+01:00", "2026-11-22T08:00:00+01:00", "11.83333333333333333333333333"),  # 11 h 50 min
        ("2026-11-22T08:00:00+01:00", "2026-11-22T07:00:00Z", "0"),
        ("2026-11-22T08:00:00+01:00", "2026-11-22T08:00:00Z", "1"),
        ("2026-11-22T08:00:00Z", "2026-11-22T06:30:00Z", "-1.5"),
        ("2024-02-28T00:00:00Z", "2024-03-01T00:00:00Z", "48"),  # a leap day
        ("2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z", "24"),
        ("2026-11-22T08:00:00Z", "2026-11-22T08:00:00.0036Z", "0.000001"),  # 3,600 microseconds
        # The night in which Berlin has 02:30 twice, and the one in which it has none.
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "1"),
        ("2026-10-25T01:00:00+02:00", "2026-10-25T04:00:00+01:00", "4"),
        ("2026-03-29T01:00:00+01:00", "2026-03-29T04:00:00+02:00", "2"),
    ],
)
def test_hours_by_hand(start: str, end: str, hours: str) -> None:
    assert hours_between(t(start), t(end)) == Decimal(hours)


def test_a_named_zone_gives_hours_of_time_and_not_of_the_wall_clock() -> None:
    zone = ZoneInfo("Europe/Berlin")
    start, end = (datetime(2026, 10, 25, hour, 0, tzinfo=zone) for hour in (1, 4))
    assert hours_between(start, end) == 4
    assert later(start, Quantity(Decimal(4), "h")).isoformat() == "2026-10-25T04:00:00+01:00"
    start, end = (datetime(2026, 3, 29, hour, 0, tzinfo=zone) for hour in (1, 4))
    assert hours_between(start, end) == 2
    assert later(start, Quantity(Decimal(1), "h")).isoformat() == "2026-03-29T03:00:00+02:00"


@pytest.mark.parametrize(
    ("duration", "end"),
    [
        ("10 min", "2026-11-22T08:10:00+01:00"),
        ("24 h", "2026-11-23T08:00:00+01:00"),
        ("0.5 s", "2026-11-22T08:00:00.500000+01:00"),
        ("1 ms", "2026-11-22T08:00:00.001000+01:00"),
        ("0.0019 ms", "2026-11-22T08:00:00.000001+01:00"),  # not past the moment
        ("1 week", "2026-11-29T08:00:00+01:00"),
        ("1 month", "2026-12-22T18:30:00+01:00"),  # 30.4375 days
        ("0 h", "2026-11-22T08:00:00+01:00"),
        ("-1 h", "2026-11-22T07:00:00+01:00"),
    ],
)
def test_later_by_hand(duration: str, end: str) -> None:
    number, _, name = duration.partition(" ")
    assert later(t("2026-11-22T08:00:00+01:00"), Quantity(Decimal(number), name)).isoformat() == end


@pytest.mark.parametrize("passed", [11, 19, 29])
def test_what_is_left_of_half_an_hour_ends_on_the_minute(passed: int) -> None:
    """Eleven minutes are no finite decimal of an hour: a moment cut off there would be shown as the minute before."""
    start = t("2026-11-22T08:00:00+01:00")
    left = Decimal("0.5") - hours_between(start, start + timedelta(minutes=passed))
    assert later(start, Quantity(left, "h")) == start + timedelta(minutes=30 - passed)


@pytest.mark.parametrize("years", ["8000", "1e12", "-8000", "-1e12"])
def test_a_duration_beyond_every_calendar_is_refused(years: str) -> None:
    with pytest.raises(CaseError, match="leads out of the calendar"):
        later(t("2026-11-22T08:00:00+01:00"), Quantity(Decimal(years), "year"))


def test_a_duration_must_be_a_time() -> None:
    with pytest.raises(UnitError, match="'mL' measures volume"):
        later(t("2026-11-22T08:00:00Z"), Quantity(Decimal(1), "mL"))


def test_moments_without_a_zone_have_no_hours_between_them() -> None:
    bare, sound = datetime(2026, 11, 22, 8, 0), t("2026-11-22T08:00:00Z")  # noqa: DTZ001
    for start, end in [(bare, sound), (sound, bare), (bare, bare)]:
        with pytest.raises(CaseError, match="'2026-11-22T08:00:00' has no time zone"):
            hours_between(start, end)
    with pytest.raises(CaseError, match="has no time zone"):
        later(bare, Quantity(Decimal(1), "h"))


zones = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=zones)  # noqa: DTZ001


@settings(deadline=None)
@given(moments)
def test_every_moment_reads_back(moment: datetime) -> None:
    assert t(moment.isoformat()) == moment
    assert t(moment.isoformat()).utcoffset() == moment.utcoffset()


@settings(deadline=None)
@given(moments, st.integers(0, 10**14))
def test_later_and_the_hours_between_undo_each_other(start: datetime, microseconds: int) -> None:
    end = later(start, Quantity(Decimal(microseconds) / 1000, "ms"))
    assert end - start == timedelta(microseconds=microseconds)
    assert end.tzinfo is start.tzinfo
    assert hours_between(start, end) == Decimal(microseconds) / Decimal(3_600_000_000)
    assert hours_between(end, start) == -hours_between(start, end)


# --- age -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "at", "years"),
    [
        ("1958-03-02", "2026-11-22", 68),
        ("1958-11-22", "2026-11-22", 68),  # the birthday itself
        ("1958-11-23", "2026-11-22", 67),  # the day before it
        ("2026-11-22", "2026-11-22", 0),
        ("2004-02-29", "2005-02-28", 0),
        ("2004-02-29", "2005-03-01", 1),
        ("2004-02-29", "2008-02-28", 3),
        ("2004-02-29", "2008-02-29", 4),
        ("2003-03-01", "2004-02-29", 0),
        ("2026-11-23", "2026-11-22", -1),  # for the case to refuse
    ],
)
def test_completed_years(born: str, at: str, years: int) -> None:
    assert completed_years(date.fromisoformat(born), date.fromisoformat(at)) == years


def test_a_moment_serves_as_its_own_date() -> None:
    assert completed_years(date(1958, 11, 22), datetime(2026, 11, 22, 0, 0, tzinfo=BERLIN)) == 68
