import { setting, type SettingTable } from '#core/systems/tables.ts';

/** Scheduling, retries, speculation, exclusion of failing executors, and decommissioning. Apache Spark 4.0. */
export const schedulingSettings: SettingTable = {
  'spark.scheduler.mode': setting(
    'string',
    'FIFO',
    'Whether jobs of one application run one after another or share it.',
    { values: ['FIFO', 'FAIR', 'NONE'] },
  ),
  'spark.scheduler.allocation.file': setting('string', '', 'File with the pools of fair scheduling.'),
  'spark.scheduler.minRegisteredResourcesRatio': setting(
    'number',
    '',
    'Share of the executors that must be there before the first task; 0.8 on Kubernetes when left out.',
  ),
  'spark.scheduler.maxRegisteredResourcesWaitingTime': setting(
    'duration',
    '30s',
    'Longest wait for executors before the first task.',
  ),
  'spark.scheduler.listenerbus.eventqueue.capacity': setting(
    'integer',
    '10000',
    'Events that may wait for listeners; further ones are lost.',
  ),
  'spark.locality.wait.process': setting('duration', '', 'Wait for a place in the same executor.'),
  'spark.locality.wait.node': setting('duration', '', 'Wait for a place on the same node.'),
  'spark.locality.wait.rack': setting('duration', '', 'Wait for a place in the same rack.'),
  'spark.barrier.sync.timeout': setting('duration', '365d', 'Longest wait of tasks for each other in barrier mode.'),
  'spark.speculation.interval': setting('duration', '100ms', 'How often slow tasks are looked for.'),
  'spark.speculation.multiplier': setting(
    'number',
    '3.0',
    'How many times slower than the median a task must be to run a second time.',
  ),
  'spark.speculation.quantile': setting(
    'number',
    '0.9',
    'Share of tasks that must be done before slow ones are looked for.',
  ),
  'spark.speculation.minTaskRuntime': setting(
    'duration',
    '100ms',
    'A task that has run for less is not run a second time.',
    { since: '3.2' },
  ),
  'spark.speculation.task.duration.threshold': setting(
    'duration',
    '',
    'A task of a small stage that runs longer is run a second time.',
  ),
  'spark.stage.maxAttempts': setting('integer', '2147483647', 'Attempts of a stage that end the job.', {
    since: '3.5',
  }),
  'spark.stage.maxConsecutiveAttempts': setting('integer', '4', 'Attempts of a stage in a row that end the job.'),
  'spark.stage.ignoreDecommissionFetchFailure': setting(
    'boolean',
    'true',
    'Does not count a stage as failed when an executor that had to go took its data along.',
    { since: '3.4' },
  ),
  'spark.executor.maxNumFailures': setting(
    'integer',
    '',
    'Failed executors that end the application; by the number of executors when left out.',
    { since: '3.5' },
  ),
  'spark.executor.failuresValidityInterval': setting(
    'duration',
    '',
    'Failures of executors older than this do not count.',
    { since: '3.5' },
  ),
  'spark.task.maxDirectResultSize': setting(
    'size',
    '1048576b',
    'Result of a task up to this size goes to the driver at once.',
  ),
  'spark.task.reaper.enabled': setting('boolean', 'false', 'Watches tasks that were stopped until they really end.'),
  'spark.task.reaper.killTimeout': setting(
    'duration',
    '-1ms',
    'An executor with a task that does not end within this time is stopped; negative never.',
  ),
  'spark.task.reaper.pollingInterval': setting('duration', '10s', 'How often tasks that were stopped are looked at.'),
  'spark.excludeOnFailure.enabled': setting('boolean', '', 'Keeps tasks away from executors where too many failed.', {
    since: '3.1',
  }),
  'spark.excludeOnFailure.application.enabled': setting(
    'boolean',
    '',
    'Keeps tasks of the whole application away from executors where too many failed.',
    { since: '4.0' },
  ),
  'spark.excludeOnFailure.taskAndStage.enabled': setting(
    'boolean',
    '',
    'Keeps tasks of a stage away from executors where too many failed.',
    { since: '4.0' },
  ),
  'spark.excludeOnFailure.timeout': setting('duration', '', 'How long an executor or node stays excluded.', {
    since: '3.1',
  }),
  'spark.excludeOnFailure.killExcludedExecutors': setting('boolean', 'false', 'Stops excluded executors.', {
    since: '3.1',
  }),
  'spark.excludeOnFailure.task.maxTaskAttemptsPerExecutor': setting(
    'integer',
    '1',
    'Attempts of a task on one executor before it must go elsewhere.',
    { since: '3.1' },
  ),
  'spark.excludeOnFailure.task.maxTaskAttemptsPerNode': setting(
    'integer',
    '2',
    'Attempts of a task on one node before it must go elsewhere.',
    { since: '3.1' },
  ),
  'spark.excludeOnFailure.stage.maxFailedTasksPerExecutor': setting(
    'integer',
    '2',
    'Failed tasks that exclude an executor from a stage.',
    { since: '3.1' },
  ),
  'spark.excludeOnFailure.stage.maxFailedExecutorsPerNode': setting(
    'integer',
    '2',
    'Excluded executors that exclude their node from a stage.',
    { since: '3.1' },
  ),
  'spark.excludeOnFailure.application.maxFailedTasksPerExecutor': setting(
    'integer',
    '2',
    'Failed tasks that exclude an executor from the application.',
    { since: '3.1' },
  ),
  'spark.excludeOnFailure.application.maxFailedExecutorsPerNode': setting(
    'integer',
    '2',
    'Excluded executors that exclude their node from the application.',
    { since: '3.1' },
  ),
  'spark.executor.decommission.signal': setting(
    'string',
    'PWR',
    'Signal that tells an executor to hand its data over.',
    { since: '3.2' },
  ),
  'spark.executor.decommission.killInterval': setting(
    'duration',
    '',
    'An executor that was told to go is stopped after this long, by an outside service.',
    { since: '3.1' },
  ),
  'spark.executor.decommission.forceKillTimeout': setting(
    'duration',
    '',
    'An executor that was told to go is stopped after this long in any case.',
    { since: '3.2' },
  ),
  'spark.storage.decommission.rddBlocks.enabled': setting(
    'boolean',
    'true',
    'Moves cached data away from an executor that must go.',
    {
      since: '3.1',
    },
  ),
  'spark.storage.decommission.shuffleBlocks.maxThreads': setting(
    'integer',
    '8',
    'Threads that move shuffle data away.',
    { since: '3.1' },
  ),
  'spark.storage.decommission.shuffleBlocks.maxDiskSize': setting(
    'size',
    '',
    'An executor with more shuffle data takes none from others.',
    { since: '3.2' },
  ),
  'spark.storage.decommission.fallbackStorage.path': setting(
    'string',
    '',
    'Storage for shuffle data when no executor can take it; it must end in a slash.',
    { since: '3.1' },
  ),
  'spark.storage.decommission.fallbackStorage.cleanUp': setting(
    'boolean',
    'false',
    'Clears the fallback storage at the end of the application.',
    { since: '3.2' },
  ),
  'spark.dynamicAllocation.executorAllocationRatio': setting(
    'number',
    '1.0',
    'Share of the executors full parallelism would need that is asked for.',
  ),
  'spark.dynamicAllocation.sustainedSchedulerBacklogTimeout': setting(
    'duration',
    '',
    'Pause between further requests while work waits.',
  ),
};
