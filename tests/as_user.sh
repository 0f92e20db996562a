# sh as_user.sh <python> <arguments>: run it as a plain user, even where Python lies in root's home.
set -eu
python=$1 home=$(mktemp -d)
trap 'rm -rf --one-file-system "$home"' EXIT
as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups env -i PATH="$PATH" HOME="$home" "$@"; }

if [ "$(id -u)" != 0 ]; then
    "$@"
elif chown 65534:65534 "$home" && as_user "$python" -c '' 2>/dev/null; then
    as_user "$@"
else
    # In a mount namespace of its own, nothing but the interpreter's folder is left of root's home.
    base=$("$python" -c 'import sys; print(sys.base_prefix)')
    unshare --mount sh -euc '
        base=$1 home=$2; shift 2
        mkdir "$home/stage" && mount -t tmpfs -o mode=755 tmpfs "$home/stage"
        mkdir -p "$home/stage$base" && mount --rbind "$base" "$home/stage$base"
        mount --rbind "$home/stage/root" /root
        exec setpriv --reuid=65534 --regid=65534 --clear-groups env -i PATH="$PATH" HOME="$home" "$@"
    ' sh "$base" "$home" "$@"
fi
