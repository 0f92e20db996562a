import pytest

from grader.sandbox.remedies import Machine, first, for_group, for_modes

NO_NAMESPACES = "this system makes no namespaces for us: unshare: Operation not permitted"
CLOSED = "another user than root cannot read Python: /root is closed"
USERNS = "user/max_user_namespaces"
APPARMOR = "kernel/apparmor_restrict_unprivileged_userns"
DEBIAN = "kernel/unprivileged_userns_clone"
NO_LANDLOCK = "this kernel has no Landlock, or it is off"
OLD_LANDLOCK = "Landlock's interface here is 3, mode c needs 6"
PLAIN, ROOT = Machine(), Machine(root=True)


@pytest.mark.parametrize(
    ("mode", "why", "machine", "says"),
    [
        ("b", NO_NAMESPACES, Machine(settings={USERNS: "0"}), "user.max_user_namespaces=15000"),
        ("b", NO_NAMESPACES, Machine(settings={DEBIAN: "0"}), "unprivileged_userns_clone=1"),
        ("b", NO_NAMESPACES, Machine(settings={APPARMOR: "1"}), "restrict_unprivileged_userns=0"),
        ("b", NO_NAMESPACES, Machine(container="Docker", filtered=True), "seccomp=unconfined"),
        ("a", NO_NAMESPACES, Machine(root=True, container="Docker"), "--cap-add SYS_ADMIN"),
        ("a", NO_NAMESPACES, Machine(root=True, container="Kubernetes"), "add: [SYS_ADMIN]"),
        ("a", NO_NAMESPACES, ROOT, "CAP_SYS_ADMIN"),
        ("b", NO_NAMESPACES, Machine(filtered=True), "system call filter of the service"),
        ("a", "mode a is for root: …", PLAIN, "run the grader as root"),
        ("b", "mode b is for plain users: …", ROOT, "run the grader as a plain user"),
        ("c", CLOSED, ROOT, "move Python"),
        ("d", "root has no other users here: it knows 1 of them", ROOT, "65536"),
        ("c", OLD_LANDLOCK, Machine(kernel=(6, 1)), "kernel of version 6.12"),
        ("c_old", NO_LANDLOCK, Machine(kernel=(5, 10)), "kernel of version 5.13"),
        ("c", NO_LANDLOCK, PLAIN, "lsm=landlock,"),
        ("c", NO_LANDLOCK, Machine(container="Docker", filtered=True), "newer container engine"),
    ],
)
def test_each_reason_has_its_remedy(mode: str, why: str, machine: Machine, says: str) -> None:
    assert says in for_modes({mode: why}, machine)[mode]


def test_settings_that_are_fine_are_not_named() -> None:
    fine = Machine(settings={USERNS: "15000", DEBIAN: "1", APPARMOR: "0"})

    assert "sysctl" not in for_modes({"b": NO_NAMESPACES}, fine)["b"]


def test_all_settings_that_refuse_are_named_at_once() -> None:
    both = Machine(settings={USERNS: "0", DEBIAN: "0"})

    assert for_modes({"b": NO_NAMESPACES}, both)["b"].count("sysctl -w") == 2


def test_what_nobody_can_mend_has_none() -> None:
    refused = {"a": "read a secret: OPEN: 6 bytes were read", "d": "its process died"}

    assert for_modes({"d": refused["d"]}, PLAIN) == {}
    assert first({"d": refused["d"]}, PLAIN) == ""


def test_the_first_is_that_of_the_best_mode() -> None:
    refused = {"b": NO_NAMESPACES, "c": NO_LANDLOCK}

    assert first(refused, Machine(settings={USERNS: "0"})).startswith("sysctl")


@pytest.mark.parametrize(
    ("why", "machine", "says"),
    [
        ("our control group is not delegated to us", PLAIN, "systemd-run --user --scope -p Deleg"),
        ("our control group is not delegated to us", ROOT, "systemd-run --scope -p Delegate=yes"),
        ("our control group has not been given memory and pids", PLAIN, "user@.service"),
        ("no control groups are mounted here", Machine(container="Docker"), "--cgroupns=private"),
        ("v1 groups cannot be made below our own: …", PLAIN, "unified_cgroup_hierarchy=1"),
    ],
)
def test_how_to_get_a_control_group(why: str, machine: Machine, says: str) -> None:
    assert says in for_group(why, machine)


def test_this_machine_is_looked_at() -> None:
    here = Machine.here()

    assert here.kernel >= (4, 0)
    assert USERNS in here.settings
