"""What customers did, counted: ordered folds over the events, and small typed results.

Each measure is a function ``(events, ...) -> records``; several in one pass are `fold` over their accumulators.
"""

from journeykit.measures.bars import bar
from journeykit.measures.batches import Batch
from journeykit.measures.converting import Converting, Incidence, Incidences, TimeToConvert, time_to_convert
from journeykit.measures.feedback import NEGATIVE, Said, about, said
from journeykit.measures.flows import Departure, Flow, Flows, Terminal, Transitions, transitions
from journeykit.measures.folds import Accumulator, fold
from journeykit.measures.funnels import Funnel, FunnelStep, funnel
from journeykit.measures.occurrences import Occurrences, Reach, Rework, reach, rework
from journeykit.measures.on_map import Backtrack, DropOff, OnBoard, backtrack, drop_off, on_board
from journeykit.measures.ordering import View, ordered, tie_rule
from journeykit.measures.paths import Paths
from journeykit.measures.stepping import Steps, StepShare, steps
from journeykit.measures.tracing import Trace, Tracing, trace
from journeykit.measures.variants import Variant, Variants, variants
from journeykit.measures.visits import Sessions, SessionSummary, sessionize, sessions

__all__ = [
    "NEGATIVE",
    "Accumulator",
    "Backtrack",
    "Batch",
    "Converting",
    "Departure",
    "DropOff",
    "Flow",
    "Flows",
    "Funnel",
    "FunnelStep",
    "Incidence",
    "Incidences",
    "Occurrences",
    "OnBoard",
    "Paths",
    "Reach",
    "Rework",
    "Said",
    "SessionSummary",
    "Sessions",
    "StepShare",
    "Steps",
    "Terminal",
    "TimeToConvert",
    "Trace",
    "Tracing",
    "Transitions",
    "Variant",
    "Variants",
    "View",
    "about",
    "backtrack",
    "bar",
    "drop_off",
    "fold",
    "funnel",
    "on_board",
    "ordered",
    "reach",
    "rework",
    "said",
    "sessionize",
    "sessions",
    "steps",
    "tie_rule",
    "time_to_convert",
    "trace",
    "transitions",
    "variants",
]
