"""An evaluation as one self-contained HTML page.

The page is made from the JSON of an evaluation alone, so that it can be made again from a file. Jinja
escapes every name; the page's own policy forbids scripts and anything from outside.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from styleprint.evaluation.registry import headline_of
from styleprint.reports import charts
from styleprint.reports.epochs_figures import epochs_figures
from styleprint.reports.insight_figures import insight_figures
from styleprint.reports.page import render

__all__ = ["evaluation_figures", "render_evaluation"]

_METRICS = (
    ("accuracy", "accuracy"),
    ("balanced_accuracy", "balanced accuracy"),
    ("macro_f1", "macro F1"),
    ("top3_accuracy", "among the first three"),
    ("log_loss", "log loss (nats)"),
    ("brier", "Brier score"),
    ("ece", "calibration error (ECE)"),
)
_SECTIONS = (
    ("corpus", "Corpus"),
    ("audit", "Audit"),
    ("figures", "Figures"),
    ("classes", "By class"),
    ("errors", "Errors"),
    ("insight", "Insight"),
    ("epochs", "Epochs"),
    ("attention", "Attention"),
    ("open", "Unknown classes"),
    ("made", "How it was made"),
)


def render_evaluation(
    evaluation: Mapping[str, Any],
    *,
    title: str,
    notes: Sequence[str] = (),
    attention: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    made: Mapping[str, str] | None = None,
) -> str:
    """The page as HTML.

    Parameters
    ----------
    evaluation : mapping
        ``Evaluation.to_json()``.
    title : str
    notes : sequence of str
        Sentences about the corpus: what was left out and why.
    attention : mapping of str to sequence of mappings, optional
        Class → patterns with ``name`` and ``weight``.
    made : mapping of str to str, optional
        Protocol, seed, versions: what a reader needs to repeat it.

    Returns
    -------
    str
    """
    protocols = evaluation["protocols"]
    headline = headline_of(protocols)
    head = protocols[headline]
    audit = evaluation["audit"]
    open_set = evaluation.get("open_set")
    insight, epochs = evaluation.get("insight"), evaluation.get("epochs")
    present = {"attention": attention, "open": open_set, "insight": insight, "epochs": epochs}
    figures = evaluation_figures(evaluation)
    return render(
        "evaluation.html",
        e=evaluation,
        title=title,
        sentences=audit["sentences"],
        sections=[(id_, name) for id_, name in _SECTIONS if bool(present.get(id_, True))],
        headline=headline,
        head=head,
        notes=notes,
        metrics=_METRICS,
        class_bars=figures["classes"],
        protocol_intervals=figures["protocols"],
        roc=figures["roc"],
        reliability=figures["reliability"],
        reencoding=audit.get("reencoding"),
        each_work=evaluation.get("each_work_once"),
        confused=evaluation.get("confused_pairs", ()),
        hardest=evaluation.get("hardest_works", ()),
        breakdowns=evaluation.get("breakdowns", {}),
        attention=attention,
        open_set=open_set,
        made=made or {},
        insight=insight,
        epochs=epochs,
        drawn=figures,
    )


def evaluation_figures(evaluation: Mapping[str, Any]) -> dict[str, Markup]:
    """SVG by name: ``classes``, ``protocols``, ``roc``, ``reliability``, ``loss``
    and ``held-out-accuracy`` where networks learnt, and those of the insight where it is there.

    Parameters
    ----------
    evaluation : mapping
        ``Evaluation.to_json()``.
    """
    protocols = evaluation["protocols"]
    head = protocols[headline_of(protocols)]
    per_class, insight = head["per_class"], evaluation.get("insight")
    figures = {
        "classes": charts.bars({name: c["pieces"] for name, c in per_class.items()}, title="Pieces a class"),
        "protocols": charts.intervals(
            [(name, *_ends(p["balanced_accuracy"])) for name, p in protocols.items()],
            title="Balanced accuracy by protocol",
        ),
        "roc": charts.roc(
            {name: c["roc"] for name, c in per_class.items() if c["roc"]},
            {name: c["auc"] for name, c in per_class.items() if c["roc"]},
        ),
        "reliability": charts.reliability(head["reliability"]),
    }
    epochs = epochs_figures(evaluation["epochs"]) if evaluation.get("epochs") else {}
    return figures | epochs | (insight_figures(insight, list(evaluation["classes"])) if insight else {})


def _ends(figure: Mapping[str, float]) -> tuple[float, float, float]:
    return figure["value"], figure["low"], figure["high"]
