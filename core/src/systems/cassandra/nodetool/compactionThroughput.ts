import type { BatchCommand } from '#core/systems/cassandra/nodetool/batch.ts';
import { decimalOf, linesOf } from '#core/systems/cassandra/nodetool/text.ts';

const MEBI = 1024 ** 2;

/**
 * What a node is asked for its limit. From 4.1 a limit that is no whole number of MiB is only told to `-d`, which older versions do not
 * know; an unknown version (empty) is asked as an old one.
 */
export function throughputQuestion(version: string): BatchCommand {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  const isPrecise = Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 1);
  return { name: 'throughput', args: ['getcompactionthroughput', ...(isPrecise ? ['-d'] : [])] };
}

/**
 * `nodetool getcompactionthroughput`, 3.11 to 5.0: bytes a second that all compactions of a node share, 0 for no limit; undefined when the
 * text does not say. MiB are meant by every version, also by those that write MB.
 */
export function parseCompactionThroughput(text: string): number | undefined {
  for (const line of linesOf(text)) {
    const [, amount] = /^Current compaction throughput: ([\d.,]{1,20}) Mi?B\/s\s*$/.exec(line) ?? [];
    const value = amount === undefined ? undefined : decimalOf(amount);
    if (value !== undefined) return Math.round(value * MEBI);
  }
  return undefined;
}
