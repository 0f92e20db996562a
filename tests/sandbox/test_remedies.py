import pytest

from grader.sandbox.box.isolation.lacks import Lack, Refusal
from grader.sandbox.remedies import Machine, first, for_group, for_modes

NO_NAMESPACES = Refusal("unshare: Operation not permitted", Lack.NAMESPACES)
USERNS = "user/max_user_namespaces"
APPARMOR = "kernel/apparmor_restrict_unprivileged_userns"
DEBIAN = "kernel/unprivileged_userns_clone"
PLAIN, ROOT = Machine(), Machine(root=True)


@pytest.mark.parametrize(
    ("mode", "lack", "machine", "says"),
    [
        ("b", Lack.NAMESPACES, Machine(settings={USERNS: "0"}), "user.max_user_namespaces=15000"),
        ("b", Lack.NAMESPACES, Machine(settings={DEBIAN: "0"}), "unprivileged_userns_clone=1"),
        ("b", Lack.NAMESPACES, Machine(settings={APPARMOR: "1"}), "restrict_unprivileged_userns=0"),
        ("b", Lack.NAMESPACES, Machine(container="Docker", filtered=True), "seccomp=unconfined"),
        ("a", Lack.NAMESPACES, Machine(root=True, container="Docker"), "--cap-add SYS_ADMIN"),
        ("a", Lack.NAMESPACES, Machine(root=True, container="Kubernetes"), "add: [SYS_ADMIN]"),
        ("a", Lack.NAMESPACES, ROOT, "CAP_SYS_ADMIN"),
        ("b", Lack.NAMESPACES, Machine(filtered=True), "system call filter of the service"),
        ("a", Lack.ROOT, PLAIN, "run the grader as root"),
        ("b", Lack.PLAIN_USER, ROOT, "run the grader as a plain user"),
        ("c", Lack.READABLE_PYTHON, ROOT, "move Python"),
        ("d", Lack.OTHER_USERS, ROOT, "65536"),
        ("c", Lack.LANDLOCK, Machine(kernel=(6, 1)), "kernel of version 6.12"),
        ("c_old", Lack.LANDLOCK, Machine(kernel=(5, 10)), "kernel of version 5.13"),
        ("c", Lack.LANDLOCK, PLAIN, "lsm=landlock,"),
        ("c", Lack.LANDLOCK, Machine(container="Docker", filtered=True), "newer container engine"),
    ],
)
def test_each_lack_has_its_remedy(mode: str, lack: Lack, machine: Machine, says: str) -> None:
    assert says in for_modes({mode: Refusal("…", lack)}, machine)[mode]


def test_settings_that_are_fine_are_not_named() -> None:
    fine = Machine(settings={USERNS: "15000", DEBIAN: "1", APPARMOR: "0"})

    assert "sysctl" not in for_modes({"b": NO_NAMESPACES}, fine)["b"]


def test_all_settings_that_refuse_are_named_at_once() -> None:
    both = Machine(settings={USERNS: "0", DEBIAN: "0"})

    assert for_modes({"b": NO_NAMESPACES}, both)["b"].count("sysctl -w") == 2


def test_what_nobody_can_mend_has_none() -> None:
    refused = {"d": Refusal("its process died")}

    assert for_modes(refused, PLAIN) == {}
    assert first(refused, PLAIN) == ""


def test_the_first_is_that_of_the_best_mode() -> None:
    refused = {"b": NO_NAMESPACES, "c": Refusal("…", Lack.LANDLOCK)}

    assert first(refused, Machine(settings={USERNS: "0"})).startswith("sysctl")


@pytest.mark.parametrize(
    ("lack", "machine", "says"),
    [
        (Lack.OTHER, PLAIN, "systemd-run --user --scope -p Deleg"),
        (Lack.OTHER, ROOT, "systemd-run --scope -p Delegate=yes"),
        (Lack.CONTROLLERS, PLAIN, "user@.service"),
        (Lack.OTHER, Machine(container="Docker"), "--cgroupns=private"),
        (Lack.GROUPS_OF_V1, PLAIN, "unified_cgroup_hierarchy=1"),
    ],
)
def test_how_to_get_a_control_group(lack: Lack, machine: Machine, says: str) -> None:
    assert says in for_group(lack, machine)


def test_this_machine_is_looked_at() -> None:
    here = Machine.here()

    assert here.kernel >= (4, 0)
    assert USERNS in here.settings
