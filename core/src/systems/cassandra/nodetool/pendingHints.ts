import { linesOf, timeOf, wholeNumberOf } from '#core/systems/cassandra/nodetool/text.ts';

/** Writes a node keeps for another until that one is back. */
export interface PendingHint {
  /** For whom. */
  readonly hostId: string;
  readonly files: number;
  readonly newestAt: number | undefined;
  readonly oldestAt: number | undefined;
}

const TIME = String.raw`\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:[.,]\d{3})?`;
const ROW = new RegExp(
  String.raw`^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s.*?\s(\d+)\s+(${TIME})\s+(${TIME})\s*$`,
);

/** `nodetool listpendinghints`, from 4.1; undefined when the text is neither a table nor the sentence that there are none. */
export function parsePendingHints(text: string): readonly PendingHint[] | undefined {
  const lines = linesOf(text);
  if (lines.some((line) => line.startsWith('This node does not have any pending hints'))) return [];
  if (!lines.some((line) => /^Host ID\s+Address\s/.test(line))) return undefined;
  return lines.flatMap((line) => {
    const [, hostId = '', files = '', newest = '', oldest = ''] = ROW.exec(line) ?? [];
    if (hostId === '') return [];
    return [{ hostId, files: wholeNumberOf(files) ?? 0, newestAt: timeOf(newest), oldestAt: timeOf(oldest) }];
  });
}
