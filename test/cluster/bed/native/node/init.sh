#!/bin/bash
# Pid 1 of a node, in network, mount, pid and uts namespaces of its own. The usual paths (/run, /var/lib/kubelet,
# /var/lib/containerd ...) are private to the node, so containerd, kubelet and kube-proxy run with stock settings.
# Killing this process ends everything of the node, pods included, and drops its mounts: a power-off.
#   init.sh NODE_NAME NODE_FOLDER PROGRAMS_FOLDER LOGS_FOLDER CGROUP LABELS NODE_ADDRESS
set -euo pipefail
name=$1 folder=$2 programs=$3 logs=$4 cgroup=$5 labels=$6 address=$7

hostname "$name"
mount --make-rshared /
for path in var/lib/kubelet var/lib/containerd var/lib/cni var/log/pods var/log/containers etc/cni/net.d; do
  mkdir -p "$folder/$path" "/$path"
  mount --bind "$folder/$path" "/$path"
done
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/lock
cp "$folder/pods.conflist" /etc/cni/net.d/10-pods.conflist

# The kubelet wants its root in every hierarchy; a new cpuset has no processors until they are filled in.
for controller in cpu cpuacct cpuset memory pids systemd; do
  [ ! -d "/sys/fs/cgroup/$controller" ] || mkdir -p "/sys/fs/cgroup/$controller/$cgroup"
done
for setting in cpuset.cpus cpuset.mems; do
  cat "/sys/fs/cgroup/cpuset/$setting" >"/sys/fs/cgroup/cpuset/$cgroup/$setting"
done

# begin NAME COMMAND...: in the background, with a log of its own.
begin() {
  local log=$1
  shift
  "$@" >>"$logs/$name-$log.log" 2>&1 </dev/null &
}

begin containerd containerd -c "$folder/containerd.toml"
for _ in $(seq 150); do
  [ ! -S /run/containerd/containerd.sock ] || break
  sleep 0.2
done
begin kubelet "$programs/kubelet" --config="$folder/kubelet.json" --kubeconfig="$folder/kubeconfig" \
  --hostname-override="$name" --node-ip="$address" --node-labels="$labels"
begin proxy "$programs/kube-proxy" --config="$folder/proxy.json"

# Stay, and reap what is orphaned.
trap 'exit 0' TERM INT
while :; do
  sleep 3600 &
  wait $! || true
done
