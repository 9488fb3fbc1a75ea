import type { ConfigEntry, DescribeLogDirsAnswer } from '#core/systems/kafka/admin.ts';

/** One replica of a topic on a disk, for answers of DescribeLogDirs. */
export function onDisk(name: string, bytes: number, lag = 0): DescribeLogDirsAnswer['dirs'][number]['topics'][number] {
  return { name, bytes, partitions: 1, lag, sizes: [{ index: 0, bytes, lag, isFuture: false }] };
}

/** A setting that has its default, for answers of DescribeConfigs. */
export function configEntry(name: string, value: string, more: Partial<ConfigEntry> = {}): ConfigEntry {
  return { name, value, isReadOnly: false, isSensitive: false, source: 5, synonyms: [], ...more };
}
