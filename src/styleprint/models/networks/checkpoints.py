"""Half-learnt networks on disk: after each epoch what is needed to go on as if nothing had happened.

An entry is found again by the hash of all that the network will be made of: the rows and their sides, the settings,
the layers, their first weights, the versions of torch and of this package. Each epoch leaves its weights and its
point of the curve; the state of optimiser and generators is written over each time, after them. Once it is known
which epoch counts, the others are forgotten.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from styleprint.support.hashing import hash_bytes, hash_json
from styleprint.support.kept_arrays import entry_path, read_arrays, write_arrays
from styleprint.version import __version__

__all__ = ["Checkpoint", "Course", "fingerprint"]

_WEIGHT, _OWN, _OPTIMISER = "weight/", "own/", "optimiser/"


@dataclass(eq=False)
class Course:
    """A network on its way.

    Attributes
    ----------
    network, optimiser, schedule : of torch
    random : Generator
        Of batches and crops.
    losses : ndarray, shape (n_rows,)
        Of each piece when it was last seen; NaN before.
    states : dict of int to mapping
        Epoch → weights as they count: their running mean.
    curve : list of mappings
    """

    network: Any
    optimiser: Any
    schedule: Any
    random: np.random.Generator
    losses: npt.NDArray[np.float64]
    states: dict[int, Any]
    curve: list[dict[str, float]]


def fingerprint(network: Any, arrays: Mapping[str, npt.NDArray[Any]], settings: Any, of: str) -> str:
    """Equal for what will learn the same.

    Parameters
    ----------
    network : Network
        As it was made.
    arrays : mapping of str to ndarray
        Rows, and which learn and are held out.
    settings : Settings
    of : str
        What else the choice of an epoch hangs on.
    """
    told = {name: hash_bytes(np.ascontiguousarray(array).tobytes()) for name, array in arrays.items()}
    first = {name: hash_bytes(value.cpu().numpy().tobytes()) for name, value in network.state_dict().items()}
    versions = [__version__, torch.__version__, str(next(network.parameters()).device)]
    return hash_json([versions, repr(network), first, told, asdict(settings), of])


@dataclass(frozen=True)
class Checkpoint:
    """Where one network keeps its state; without a folder it keeps none."""

    folder: Path | None
    key: str

    def _place(self, what: str) -> Path:
        if self.folder is None:
            raise ValueError("a checkpoint without a folder has no place")
        return entry_path(self.folder, hash_json([self.key, what]))

    def write(self, course: Course) -> None:
        """Keep the last epoch, then the state to go on from."""
        if self.folder is None:
            return
        epoch = len(course.curve) - 1
        write_arrays(self._place(f"epoch {epoch}"), _epoch_arrays(course, epoch))
        write_arrays(self._place("last"), _going_on(course, epoch))

    def read(self, course: Course) -> None:
        """Bring a new course to where an earlier one was; nothing happens where there is none, or a part is missing."""
        if self.folder is None:
            return
        done = read_arrays(self._place("done"))
        if done is not None:
            epoch = int(done["epoch"])
            _take_epoch(course, epoch, done)
            course.curve = json.loads(done["curves"].tobytes())
            return
        last = read_arrays(self._place("last"))
        if last is None:
            return
        epochs = [read_arrays(self._place(f"epoch {epoch}")) for epoch in range(int(last["epoch"]) + 1)]
        if any(one is None for one in epochs):
            return
        for epoch, arrays in enumerate(epochs):
            if arrays is not None:
                _take_epoch(course, epoch, arrays)
                course.curve.append(json.loads(arrays["point"].tobytes()))
        _go_on(course, last)

    def finish(self, course: Course, epoch: int) -> None:
        """Keep the epoch that counts, and forget the others."""
        if self.folder is None or self._place("done").exists():
            return
        kept = _epoch_arrays(course, epoch) | {"epoch": np.array(epoch), "curves": _to_bytes(course.curve)}
        write_arrays(self._place("done"), kept)
        for what in ("last", *(f"epoch {k}" for k in range(len(course.curve)))):
            self._place(what).unlink(missing_ok=True)


def _epoch_arrays(course: Course, epoch: int) -> dict[str, npt.NDArray[Any]]:
    found = {f"{_WEIGHT}{name}": value.numpy() for name, value in course.states[epoch].items()}
    return found | {"point": _to_bytes(course.curve[epoch])}


def _take_epoch(course: Course, epoch: int, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    own = {name.removeprefix(_WEIGHT): value for name, value in arrays.items() if name.startswith(_WEIGHT)}
    course.states[epoch] = {name: torch.from_numpy(value) for name, value in own.items()}


def _going_on(course: Course, epoch: int) -> dict[str, npt.NDArray[Any]]:
    found: dict[str, npt.NDArray[Any]] = {
        "epoch": np.array(epoch),
        "steps": np.array(course.schedule.last_epoch),
        "losses": course.losses,
        "random": _to_bytes(course.random.bit_generator.state),
        "torch": torch.get_rng_state().numpy(),
    }
    found |= {f"{_OWN}{name}": value.cpu().numpy() for name, value in course.network.state_dict().items()}
    for number, state in course.optimiser.state_dict()["state"].items():
        found |= {f"{_OPTIMISER}{number}/{name}": value.cpu().numpy() for name, value in state.items()}
    return found


def _go_on(course: Course, last: Mapping[str, npt.NDArray[Any]]) -> None:
    state: dict[int, dict[str, Any]] = {}
    for name, value in last.items():
        if name.startswith(_OPTIMISER):
            number, _, what = name.removeprefix(_OPTIMISER).partition("/")
            state.setdefault(int(number), {})[what] = torch.from_numpy(value)
    own = {name.removeprefix(_OWN): value for name, value in last.items() if name.startswith(_OWN)}
    course.network.load_state_dict({name: torch.from_numpy(value) for name, value in own.items()})
    whole = course.optimiser.state_dict()
    course.optimiser.load_state_dict({"state": state, "param_groups": whole["param_groups"]})
    course.schedule.last_epoch = int(last["steps"])
    bases = zip(course.optimiser.param_groups, course.schedule.base_lrs, course.schedule.lr_lambdas, strict=True)
    for group, base, factor in bases:
        group["lr"] = base * factor(course.schedule.last_epoch)
    course.losses[:] = last["losses"]
    course.random.bit_generator.state = json.loads(last["random"].tobytes())
    torch.set_rng_state(torch.from_numpy(last["torch"]))


def _to_bytes(value: Any) -> npt.NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)
