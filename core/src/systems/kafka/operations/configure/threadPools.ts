/** Pools of threads that a running broker makes larger or smaller. Source: DynamicThreadPool, LogCleaner and DynamicRemoteLogConfig of Kafka. */
const pools = new Set([
  'num.io.threads',
  'num.network.threads',
  'num.replica.fetchers',
  'num.recovery.threads.per.data.dir',
  'background.threads',
  'log.cleaner.threads',
  'remote.log.reader.threads',
  'remote.log.manager.copier.thread.pool.size',
  'remote.log.manager.expiration.thread.pool.size',
  'remote.log.manager.follower.thread.pool.size',
]);

export function isThreadPool(name: string): boolean {
  return pools.has(name);
}

/** Every value on the way would be within reach long before. */
const MOST_STAGES = 16;

/**
 * The values that lead to the wanted one, itself last. A broker takes nothing under half of what it has or over twice as much, and with one
 * value for all that must hold for each of them. Undefined when brokers differ too much for that, or when a number is none.
 */
export function stagesTo(present: readonly number[], wanted: number): readonly number[] | undefined {
  const numbers = [...present, wanted];
  if (present.length === 0 || numbers.some((one) => !Number.isInteger(one) || one < 1)) return undefined;
  const stages: number[] = [];
  let lowest = Math.min(...present);
  let highest = Math.max(...present);
  while (stages.length < MOST_STAGES) {
    const least = Math.max(1, Math.floor(highest / 2));
    const most = lowest * 2;
    if (least > most) return undefined;
    const next = Math.min(most, Math.max(least, wanted));
    stages.push(next);
    if (next === wanted) return stages;
    lowest = next;
    highest = next;
  }
  return undefined;
}
