import { setting, type SettingTable } from '#core/systems/tables.ts';

/** Options of the Java virtual machine under the names that the config builder of cass-operator gives them. */
export const javaSettings: SettingTable = {
  initial_heap_size: setting('size', '', 'Heap at the start; make it equal to `max_heap_size`.'),
  max_heap_size: setting('size', '', 'Largest heap. Leave at least half of the memory limit to everything else.'),
  heap_size_young_generation: setting('size', '', 'Part of the heap for new objects, with the CMS collector.'),
  garbage_collector: setting('string', 'G1GC', 'Garbage collector.', { values: ['G1GC', 'CMS', 'ZGC', 'Shenandoah'] }),
  'additional-jvm-opts': setting('list', '', 'Further options, each as written on the command line.'),
  max_gc_pause_millis: setting('integer', '300', 'Pause that G1 aims at.'),
  'jmx-port': setting('integer', '7199', 'Port of JMX.'),
};
