#!/bin/bash
# The contract of the official image: CASSANDRA_* variables become settings, MAX_HEAP_SIZE, HEAP_NEWSIZE and
# JVM_EXTRA_OPTS go to the JVM, data lies in /var/lib/cassandra. One addition: JVM_FIRST_OPTS, only for the very first
# start of an empty disk (to join quickly), so that every later start is as slow as a real one.
set -euo pipefail
data=/var/lib/cassandra
conf=/tmp/conf
address=${CASSANDRA_LISTEN_ADDRESS:-$(hostname -i | cut -d' ' -f1)}

mkdir -p "$conf"
cp /opt/cassandra/conf/* "$conf"
printf 'dc=%s\nrack=%s\n' "${CASSANDRA_DC:-dc1}" "${CASSANDRA_RACK:-rack1}" >"$conf/cassandra-rackdc.properties"
cat >"$conf/cassandra.yaml" <<SETTINGS
cluster_name: ${CASSANDRA_CLUSTER_NAME:-Test Cluster}
num_tokens: ${CASSANDRA_NUM_TOKENS:-16}
allocate_tokens_for_local_replication_factor: 3
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: ${CASSANDRA_ENDPOINT_SNITCH:-SimpleSnitch}
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters: [{seeds: "${CASSANDRA_SEEDS:-$address}"}]
listen_address: $address
rpc_address: 0.0.0.0
broadcast_rpc_address: ${CASSANDRA_BROADCAST_ADDRESS:-$address}
storage_port: 7000
native_transport_port: 9042
commitlog_sync: periodic
commitlog_sync_period: 10000ms
disk_failure_policy: stop
commit_failure_policy: stop
data_file_directories: [$data/data]
commitlog_directory: $data/commitlog
hints_directory: $data/hints
saved_caches_directory: $data/saved_caches
cdc_raw_directory: $data/cdc_raw
hinted_handoff_enabled: true
max_hint_window: 3h
concurrent_reads: 8
concurrent_writes: 8
concurrent_counter_writes: 8
concurrent_compactors: 1
commitlog_segment_size: 8MiB
commitlog_total_space: 64MiB
memtable_heap_space: 32MiB
memtable_offheap_space: 32MiB
key_cache_size: 4MiB
file_cache_size: 32MiB
networking_cache_size: 16MiB
SETTINGS

first=
[ -d "$data/data/system" ] || first=${JVM_FIRST_OPTS:-}
# shellcheck disable=SC2086
exec java "-Xms${MAX_HEAP_SIZE:-256M}" "-Xmx${MAX_HEAP_SIZE:-256M}" "-Xmn${HEAP_NEWSIZE:-64M}" \
  -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xss384k -XX:MaxDirectMemorySize=128m -XX:+CrashOnOutOfMemoryError \
  @/opt/cassandra/conf/jvm17.options "-javaagent:$(echo /opt/cassandra/libs/jamm-*.jar)" \
  "-Dcassandra.config=file://$conf/cassandra.yaml" "-Dcassandra.storagedir=$data" "-Dcassandra.logdir=$data/log" \
  -Dcassandra.jmx.local.port=7199 -Dcassandra-foreground=yes "-Dlogback.configurationFile=file://$conf/logback.xml" \
  ${JVM_EXTRA_OPTS:-} $first -cp "$conf:/opt/cassandra/libs/*" org.apache.cassandra.service.CassandraDaemon
