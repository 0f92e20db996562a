"""Releases for tests: of any small course, and of this one made smaller."""

import fcntl
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import yaml
from safetensors.numpy import load, save

from grader.course.loading import load_course
from grader.judging.keys import Recorded
from grader.judging.workshop import Workshop
from grader.proving.release import Released, release
from grader.sandbox.cache import RunCache
from grader.sandbox.client import Sandbox
from tests import samples, shops

YAML = samples.YAML.replace("variant:\n", "variants: 3\nvariant:\n", 1)
SECRET = bytes.fromhex(shops.SECRET)
TELLING = {"named_locals", "hooks", "torch_optim", "autograd_grad", "by_hand", "zero_in_place"}
TELLING |= {"grad_mode", "zero_first"}


def made(shop: Workshop, folder: Path) -> Released:
    return release(shop, SECRET, folder, lambda _: None)


def opened(folder: Path, sandbox: Sandbox, factory: pytest.TempPathFactory) -> Workshop:
    """What `workshop.opened` gives in a release."""
    course = load_course(folder)
    runs = RunCache(Path(shops.environment(factory)["GRADE_CACHE"]), sandbox)
    return Workshop(course, sandbox, runs, Recorded(course.id), "", new_secret=False)


def of_this_course(sandbox: Sandbox, factory: pytest.TempPathFactory) -> Path:
    """Made by the first worker that asks; the others wait."""
    folder = _shared(factory) / "released"
    with (_shared(factory) / "released.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _smaller(_shared(factory) / "course")
            shop = author(sandbox, factory)
            for id_ in shop.course.paths:
                shops.exercise(shop, id_, factory)
            made(shop, folder)
    return folder


def author(sandbox: Sandbox, factory: pytest.TempPathFactory) -> Workshop:
    """Whoever made the release of this course."""
    return shops.shop(_shared(factory) / "course", sandbox, factory)


def _shared(factory: pytest.TempPathFactory) -> Path:
    return Path(shops.environment(factory)["GRADE_CACHE"]).parent


def _smaller(folder: Path) -> None:
    """One variant an exercise, and those accepted variants over which a mistake looks otherwise."""
    for name in ("exercises", "solutions"):
        shutil.copytree(shops.ROOT / name, folder / name, ignore=shutil.ignore_patterns(".secret"))
    for path in folder.glob("exercises/ex*.yaml"):
        words = yaml.safe_load(path.read_text())
        for part in words["parts"]:
            accepted = part.pop("accept", {})
            part["accept"] = {id_: code for id_, code in accepted.items() if id_ in TELLING}
            if not part["accept"]:
                del part["accept"]
        path.write_text(yaml.safe_dump({**words, "variants": 1}, sort_keys=False))


def rounded_otherwise(path: Path, share: float) -> None:
    """Each recorded number as another processor might have computed it."""
    content, rng = BytesIO(), np.random.RandomState(0)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            raw = old.read(name)
            if name.endswith(".safetensors"):
                arrays = load(raw)
                for kind in arrays.keys() & {"f", "d"}:
                    noise = 1 + share * rng.uniform(-1, 1, arrays[kind].shape)
                    arrays[kind] = (arrays[kind] * noise).astype(arrays[kind].dtype)
                raw = save(arrays)
            new.writestr(name, raw)
    path.write_bytes(content.getvalue())
