"""What will happen: levels over time by every published model, side by side, with honest spread. Data only."""

from inotrope.forecast.making import forecast
from inotrope.forecast.person import KidneyChange
from inotrope.forecast.record import Chances, Curve, Forecast, Highest, ModelForecast, Spread, Value
from inotrope.forecast.what_if import Difference, differences, with_pause, with_rate

__all__ = [
    "Chances",
    "Curve",
    "Difference",
    "Forecast",
    "Highest",
    "KidneyChange",
    "ModelForecast",
    "Spread",
    "Value",
    "differences",
    "forecast",
    "with_pause",
    "with_rate",
]
