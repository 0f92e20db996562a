# 71. Makes links, pipes and devices that whoever cleans up might follow or wait for.
# ends: error
# points: 0
import os
import stat

WAYS = {
    "symbolic link": lambda: os.symlink("/etc/passwd", "link"),
    "link to a folder": lambda: os.symlink("..", "folder"),
    "hard link": lambda: os.link(os.__file__, "hard"),
    "link of an opened file": lambda: os.link(f"/dev/fd/{os.open(os.__file__, os.O_PATH)}", "fd"),
    "pipe": lambda: os.mkfifo("pipe"),
    "socket": lambda: os.mknod("socket", stat.S_IFSOCK | 0o600),
    "plain file by mknod": lambda: os.mknod("file", stat.S_IFREG | 0o600),
    "out of its folder": lambda: os.rename("note", "../note"),
    "in place of its folder": lambda: os.rename("other", os.getcwd()),
    "its folder": lambda: os.rename(os.getcwd(), os.getcwd() + "-away"),
    "remove its folder": lambda: os.rmdir(os.getcwd()),
}


def gradient(x):
    with open("note", "w"):
        os.mkdir("other")
    for name, way in WAYS.items():
        try:
            way()
        except OSError:
            continue
        print(name, "got through")
        return 3 * x**2
    raise PermissionError("it makes only files and folders")
