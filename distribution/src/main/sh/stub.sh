#!/bin/sh
# Kite: one file. This script is its head, the product follows as .tar.xz. It unpacks the product once, into a folder named by its hash, and runs it.
set -eu
hash=@HASH@
offset=@OFFSET@
name=${0##*/}

fail() { echo "$name: $1" >&2; exit 1; }

# Where state lies: --data-dir, then the environment, then the configuration file, then the default; as in k3s.
data_dir() {
  previous=
  for argument in "$@"; do
    case $previous in --data-dir | -d | -data-dir) echo "$argument"; return ;; esac
    case $argument in
      --data-dir=* | -d=* | -data-dir=*) echo "${argument#*=}"; return ;;
    esac
    previous=$argument
  done
  if [ -n "${K3S_DATA_DIR:-}" ]; then echo "$K3S_DATA_DIR"; return; fi
  found=
  for file in "${K3S_CONFIG_FILE:-/etc/rancher/k3s/config.yaml}" "${K3S_CONFIG_FILE:-/etc/rancher/k3s/config.yaml}".d/*.yaml; do
    [ -r "$file" ] || continue
    line=$(sed -n "s/^data-dir:[[:space:]]*[\"']\{0,1\}\([^\"'#]*[^\"'#[:space:]]\).*/\1/p" "$file" | tail -n 1)
    [ -z "$line" ] || found=$line
  done
  if [ -n "$found" ]; then echo "$found"; return; fi
  if [ "$(id -u)" = 0 ]; then echo /var/lib/rancher/k3s; else echo "${HOME:-/tmp}/.rancher/k3s"; fi
}

# The host's program of a name, where it is not this file under that name.
pass_to() {
  program=$1
  shift
  for candidate in $(command -v "$program" || true) "/usr/local/bin/$program" "/usr/bin/$program"; do
    [ "$(readlink -f "$candidate")" != "$(readlink -f "$0")" ] || continue
    [ ! -x "$candidate" ] || exec "$candidate" "$@"
  done
  fail "this distribution carries no $program and there is none on the PATH; install it"
}

# containerd's socket: /run/k3s for the default data directory, else a folder named by the directory's hash (as kite.cri does).
socket() {
  folder=$(readlink -m "$1")
  case $folder in
    /var/lib/rancher/k3s) echo /run/k3s/containerd/containerd.sock ;;
    *) echo "/run/k3s-$(printf %s "$folder" | sha256sum | cut -c1-8)/containerd/containerd.sock" ;;
  esac
}

# kubectl, crictl and ctr: the host's, pointed at this node; also when this file is called by such a name. Their arguments are theirs alone: only options before the command are ours.
case $name in
  kubectl | crictl | ctr) command=$name before='' ;;
  *)
    command='' before='' previous=''
    for argument in "$@"; do
      case $previous in --data-dir | -d) before=$argument previous=''; continue ;; esac
      case $argument in
        --debug | --debug=*) ;;
        --data-dir=* | -d=*) before=${argument#*=} ;;
        --data-dir | -d) previous=$argument ;;
        *) command=$argument; break ;;
      esac
    done
    ;;
esac
case $command in
  kubectl | crictl | ctr)
    if [ "$command" != "$name" ]; then
      while [ "$1" != "$command" ]; do
        case $1 in --data-dir | -d) shift ;; esac
        shift
      done
      shift
    fi
    case $command in
      kubectl) export KUBECONFIG="${KUBECONFIG:-/etc/rancher/k3s/k3s.yaml}" ;;
      *)
        at=$(socket "${before:-$(data_dir)}")
        export CONTAINER_RUNTIME_ENDPOINT="${CONTAINER_RUNTIME_ENDPOINT:-unix://$at}" IMAGE_SERVICE_ENDPOINT="${IMAGE_SERVICE_ENDPOINT:-unix://$at}"
        export CONTAINERD_ADDRESS="${CONTAINERD_ADDRESS:-$at}" CONTAINERD_NAMESPACE="${CONTAINERD_NAMESPACE:-k8s.io}"
        ;;
    esac
    pass_to "$command" "$@"
    ;;
esac

data=$(data_dir "$@")
home=$data/data/$hash
if [ -n "${KITE_HOME:-}" ] && [ -d "$KITE_HOME/lib" ]; then
  # A trial's server: the product is the trial's.
  home=$KITE_HOME
elif [ "$command" = try ] && [ ! -d "$home" ]; then
  # A trial leaves nothing behind, not even the product: it deletes this folder at its end.
  KITE_TEMPORARY_HOME=$(mktemp -d /var/tmp/kite-home-XXXXXX) || fail "cannot write to /var/tmp"
  export KITE_TEMPORARY_HOME
  data=$KITE_TEMPORARY_HOME
  home=$data/data/$hash
fi
if [ ! -d "$home" ]; then
  mkdir -p "$data/data" 2>/dev/null || fail "cannot write to the data directory $data; run as root or set --data-dir"
  command -v xz >/dev/null 2>&1 || fail "xz is needed to unpack; install xz-utils"
  work=$(mktemp -d "$data/data/.unpack-XXXXXX") || fail "cannot write to $data/data"
  trap 'rm -rf "$work"' EXIT INT TERM
  tail -c "+$((offset + 1))" "$0" | xz -dc | tar -x -f - -C "$work" || fail "cannot unpack to $data/data; is the disk full?"
  chmod 755 "$work"
  # Another start may have been faster; its folder is the same.
  mv -T "$work" "$home" 2>/dev/null || [ -d "$home" ] || fail "cannot rename to $home"
  rm -rf "$work"
  trap - EXIT INT TERM
  ln -sfn "$hash" "$data/data/.current-$$" && mv -T "$data/data/.current-$$" "$data/data/current"
fi
export KITE_EXECUTABLE="$0"
# shellcheck source=/dev/null
. "$home/launch.sh"
exit 1
