import { setting, type SettingTable } from '#core/systems/tables.ts';

/** Options of the Java virtual machine that Strimzi writes after `-XX:`. Defaults are those of Java 17 and 21 in a container. */
export const javaSettings: SettingTable = {
  UseG1GC: setting('boolean', '', 'Uses the G1 collector, the usual choice for brokers.'),
  UseZGC: setting('boolean', 'false', 'Uses the Z collector: short pauses for a bit more memory and processor time.'),
  UseParallelGC: setting('boolean', 'false', 'Uses the parallel collector, whose pauses grow with the heap.'),
  UseSerialGC: setting('boolean', '', 'Uses the serial collector, which Java chooses by itself in small containers.'),
  MaxGCPauseMillis: setting('integer', '200', 'Pause G1 aims at; the start script of Kafka asks for 20.'),
  InitiatingHeapOccupancyPercent: setting(
    'integer',
    '45',
    'Share of the heap in use at which G1 begins to mark; the start script of Kafka asks for 35.',
  ),
  G1HeapRegionSize: setting('size', '', 'Size of the parts G1 divides the heap into; by the heap when left out.'),
  ExplicitGCInvokesConcurrent: setting('boolean', 'false', 'Makes collections that a program asks for run beside it.'),
  MaxInlineLevel: setting('integer', '15', 'How deep calls are put into their callers.'),
  ParallelGCThreads: setting('integer', '', 'Threads that collect while the broker stands still; by the processors.'),
  ConcGCThreads: setting('integer', '', 'Threads that collect beside the running broker; by the processors.'),
  ActiveProcessorCount: setting('integer', '', 'Processors Java counts on, whatever the limit of the container says.'),
  MaxRAMPercentage: setting('number', '25.0', 'Largest heap as a share of the memory limit when `-Xmx` is not set.'),
  InitialRAMPercentage: setting(
    'number',
    '1.5625',
    'First heap as a share of the memory limit when `-Xms` is not set.',
  ),
  MaxDirectMemorySize: setting(
    'size',
    '',
    'Most memory outside the heap for buffers; as much as the heap when left out.',
  ),
  MaxMetaspaceSize: setting('size', '', 'Most memory for classes; without a limit when left out.'),
  AlwaysPreTouch: setting(
    'boolean',
    'false',
    'Takes the whole heap from the system at the start, so that it is surely there.',
  ),
  UseStringDeduplication: setting('boolean', 'false', 'Keeps equal texts once; saves memory for some processor time.'),
  ExitOnOutOfMemoryError: setting(
    'boolean',
    'false',
    'Ends the broker when memory runs out, so that it is started anew.',
  ),
  HeapDumpOnOutOfMemoryError: setting(
    'boolean',
    'false',
    'Writes the heap to a file when memory runs out; the volume needs room for it.',
  ),
  HeapDumpPath: setting('string', '', 'Where the heap is written to when memory runs out.'),
  UnlockDiagnosticVMOptions: setting('boolean', 'false', 'Allows options for finding faults.'),
  UnlockExperimentalVMOptions: setting('boolean', 'false', 'Allows options that may go away.'),
};
