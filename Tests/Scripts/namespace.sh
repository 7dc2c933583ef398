# shellcheck shell=bash
# To be sourced: how a person who is not root gets a network of their own.

# Runs the command that follows it with its own loopback interface, as root of a user namespace.
into_namespace=(
    unshare --user --map-root-user --net --mount --kill-child --
    sh -c 'ip link set lo up && exec "$@"' sh
)

# Being root in there is not enough: some systems let a person in but grant nothing.
can_make_namespace() {
    "${into_namespace[@]}" sh -c 'ip link add hp0 type veth peer name hp1 && ip link set hp0 up' >/dev/null 2>&1
}

# Says what stands in the way; the argument is the name of the job.
say_why_no_namespace() {
    local limit
    echo "$1: this system does not let an ordinary user make a network namespace" >&2
    for limit in kernel/apparmor_restrict_unprivileged_userns=1 kernel/unprivileged_userns_clone=0 \
        user/max_user_namespaces=0; do
        if [ "$(cat "/proc/sys/${limit%=*}" 2>/dev/null)" = "${limit#*=}" ]; then
            echo "$1: (it is set to: ${limit//\//.})" >&2
        fi
    done
    return 0
}
