"""The journey model: frozen, validated classes for what we believe about a customer journey.

Nothing here knows a file format, a table library or a picture. Every class validates itself when it is built and raises
`journeykit.errors.JourneyError`, which names the field that is wrong; editing goes through `Journey.replace` and the
``with_...`` methods, which build (and so validate) a new journey.
"""

from journeykit.model.claims import Claim, Emotion, Moment, Opportunity, Pain, Rice, Thought
from journeykit.model.goals import FunnelSource, Kpi, Objective
from journeykit.model.journey import Journey, Outcome, Transition
from journeykit.model.matching import Condition, Match
from journeykit.model.persona import Persona
from journeykit.model.stages import Stage, Touchpoint

__all__ = [
    "Claim",
    "Condition",
    "Emotion",
    "FunnelSource",
    "Journey",
    "Kpi",
    "Match",
    "Moment",
    "Objective",
    "Opportunity",
    "Outcome",
    "Pain",
    "Persona",
    "Rice",
    "Stage",
    "Thought",
    "Touchpoint",
    "Transition",
]
