"""Practice standards of English children's social care as one YAML file, and one case's history judged by them."""

from ._version import __version__
from .evaluating import check_history, evaluate
from .evaluations import Evaluation
from .events import Event, History, HistoryError
from .loading import PackError, check_pack, load_pack
from .obligations import Obligation, Status
from .pack import Pack

__all__ = [
    "Evaluation",
    "Event",
    "History",
    "HistoryError",
    "Obligation",
    "Pack",
    "PackError",
    "Status",
    "__version__",
    "check_history",
    "check_pack",
    "evaluate",
    "load_pack",
]
