import { setting, type SettingTable } from '#core/systems/tables.ts';

const COLLECTORS = ['G1GC', 'CMS', 'ZGC', 'Shenandoah'];

/** What every file of options understands, whatever the version of Java. */
const common: SettingTable = {
  garbage_collector: setting('string', '', 'Garbage collector; that of the image when left out.', {
    values: COLLECTORS,
  }),
  'additional-jvm-opts': setting('list', '', 'Further options, each as written on the command line.'),
};

/** `jvm-server-options`: options of Cassandra 4.0 and later whatever the version of Java. Source: the alias table of the config builder. */
export const serverSettings: SettingTable = {
  ...common,
  initial_heap_size: setting('size', '', 'Heap at the start, such as `4G`; make it equal to `max_heap_size`.'),
  max_heap_size: setting(
    'size',
    '',
    'Largest heap, such as `4G`. Leave at least half of the memory limit to the rest.',
  ),
  per_thread_stack_size: setting('size', '256k', 'Stack of a thread.'),
  string_table_size: setting('integer', '1000003', 'Size of the table of texts.'),
  heap_dump_on_out_of_memory_error: setting('boolean', 'true', 'Writes the heap to a file when memory runs out.'),
  exit_on_out_of_memory_error: setting('boolean', 'false', 'Ends the node when memory runs out.'),
  crash_on_out_of_memory_error: setting('boolean', 'false', 'Ends the node with a core file when memory runs out.'),
  print_heap_histogram_on_out_of_memory_error: setting(
    'boolean',
    'false',
    'Logs what fills the heap when memory runs out.',
  ),
  always_pre_touch: setting('boolean', 'true', 'Takes the whole heap from the system at the start.'),
  use_numa: setting('boolean', 'true', 'Keeps memory near the processor that uses it.'),
  java_net_prefer_ipv4_stack: setting('boolean', 'true', 'Uses IPv4 where both are there; turn it off for IPv6.'),
  jdk_nio_maxcachedbuffersize: setting('integer', '1048576', 'Largest buffer a thread keeps.'),
  io_netty_eventloop_maxpendingtasks: setting('integer', '65536', 'Tasks that may wait for a network thread.'),
  cassandra_available_processors: setting('integer', '', 'Processors the node counts on.'),
  cassandra_ring_delay_ms: setting('integer', '30000', 'How long a joining node waits to learn about the ring.'),
  cassandra_join_ring: setting('boolean', 'true', 'Whether the node joins the ring at the start.'),
  cassandra_load_ring_state: setting(
    'boolean',
    'true',
    'Whether the node remembers the ring; turn it off only to repair it.',
  ),
  cassandra_initial_token: setting('list', '', 'Tokens the node takes at its first start.'),
  cassandra_replace_address: setting(
    'string',
    '',
    'Address of a dead node that a new one replaces; it must not stay set.',
  ),
  cassandra_write_survey: setting('boolean', 'false', 'Lets the node take writes but no reads, to try something out.'),
  cassandra_triggers_dir: setting('string', '', 'Directory of triggers.'),
  cassandra_max_hint_ttl: setting('string', '', 'Longest life of a hint in seconds.'),
  cassandra_metrics_reporter_config_file: setting('string', '', 'File that says where metrics go.'),
  cassandra_disable_auth_caches_remote_configuration: setting(
    'boolean',
    'false',
    'Keeps JMX from changing caches of logins.',
  ),
  cassandra_force_default_indexing_page_size: setting('boolean', 'false', 'Builds indexes in pages of a fixed size.'),
  cassandra_expiration_date_overflow_policy: setting(
    'string',
    'REJECT',
    'What happens to a life of a row that is too long.',
    {
      values: ['REJECT', 'CAP', 'CAP_NOWARN'],
    },
  ),
  'unlock-diagnostic-vm-options': setting('boolean', 'false', 'Allows options for finding faults.'),
};

/** `jvm11-server-options`: options for Java 11. */
export const java11Settings: SettingTable = {
  ...common,
  max_gc_pause_millis: setting('integer', '300', 'Pause in milliseconds that G1 aims at.'),
  initiating_heap_occupancy_percent: setting('integer', '70', 'Share of the heap in use at which G1 begins to mark.'),
  g1r_set_updating_pause_time_percent: setting('integer', '5', 'Share of a pause that G1 spends on its own lists.'),
  parallel_gc_threads: setting('integer', '', 'Threads that collect while the node stands still; by the processors.'),
  conc_gc_threads: setting('integer', '', 'Threads that collect beside the running node; by the processors.'),
  jdk_attach_allow_attach_self: setting('boolean', 'true', 'Lets the node measure its own memory.'),
  io_netty_try_reflection_set_accessible: setting('boolean', 'true', 'Lets the network library manage memory itself.'),
};

/** `jvm17-server-options`: options for Java 17, which have no other names than their own. */
export const java17Settings: SettingTable = common;

/** `jvm-options`: options of Cassandra 3.11. */
export const java8Settings: SettingTable = {
  ...common,
  initial_heap_size: setting('size', '', 'Heap at the start, such as `4G`; make it equal to `max_heap_size`.'),
  max_heap_size: setting(
    'size',
    '',
    'Largest heap, such as `4G`. Leave at least half of the memory limit to the rest.',
  ),
  heap_size_young_generation: setting('size', '', 'Part of the heap for new objects, with the CMS collector.'),
  max_gc_pause_millis: setting('integer', '500', 'Pause in milliseconds that G1 aims at.'),
  'jmx-port': setting('integer', '7199', 'Port of JMX.'),
};

/** `cassandra-env-sh`: the start script. */
export const scriptSettings: SettingTable = {
  'malloc-arena-max': setting('integer', '4', 'Areas that memory outside the heap is taken from.'),
  'heap-dump-dir': setting('string', '', 'Where the heap is written to when memory runs out.'),
  'additional-jvm-opts': setting('list', '', 'Further options, added at the end of the start script.'),
};
