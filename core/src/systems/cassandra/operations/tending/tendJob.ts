import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import { failureOf } from '#core/systems/cassandra/nodetool/failure.ts';
import type { JobState } from '#core/systems/cassandra/nodetool/job.ts';
import type { Verb } from '#core/systems/cassandra/operations/tending/verbs.ts';

/** What is to be made of a command that was begun. */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string }
  /** It was refused because nodes join or leave: it may be asked for again once they have. */
  | { readonly kind: 'too early'; readonly reason: string }
  /** Its process is gone, as by a restart of the container, and so is its work. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'under way'; readonly text: string; readonly measure: readonly (number | string)[] };

/** Words of a cleanup or an upgrade that ends well for nodetool although it did not do everything. */
const ABORTED = /^Aborted .*$/m;

/** Told while nodes join, leave or move: `Not safe to run cleanup`, `pending ranges`. */
export const MEMBERSHIP = /membership changes|pending ranges|Not safe to run/i;

/** By what the container keeps of the command, and what the node says of its work; work without its command counts as under way. */
export function judgeJob(verb: Verb, job: JobState | undefined, answer: NodeAnswer | undefined): Verdict {
  if (job?.kind === 'nowhere')
    return { kind: 'failed', reason: 'there is no directory in the container where anything may be written' };
  if (job?.kind === 'ended') return judgeEnd(job);
  const progress = progressOf(verb, answer);
  if (job?.kind === 'running' || progress.isAtWork) {
    const said = job?.kind === 'running' ? percentSaid(job.said) : undefined;
    const text = progress.text === '' ? (said ?? '') : progress.text;
    const length = job?.kind === 'running' ? job.said : '';
    return { kind: 'under way', text, measure: [...progress.measure, length.slice(-200)] };
  }
  if (job === undefined || answer?.netstats === undefined)
    return { kind: 'under way', text: 'nothing answers there', measure: ['silent'] };
  return { kind: 'lost' };
}

function judgeEnd({ exitCode, said }: Extract<JobState, { kind: 'ended' }>): Verdict {
  const aborted = ABORTED.exec(said)?.[0];
  if (exitCode === 0) return aborted === undefined ? { kind: 'done' } : { kind: 'failed', reason: aborted };
  const reason = failureOf({ exitCode, stdout: said, stderr: '' })?.text ?? `it ended with ${exitCode}`;
  return MEMBERSHIP.test(said) ? { kind: 'too early', reason } : { kind: 'failed', reason };
}

/** The last `progress: 12%` of a repair. */
function percentSaid(said: string): string | undefined {
  const found = [...said.matchAll(/progress: (\d{1,3})%/g)].at(-1)?.[1];
  return found === undefined ? undefined : `${found} %`;
}

interface ShownProgress {
  readonly isAtWork: boolean;
  readonly text: string;
  readonly measure: readonly (number | string)[];
}

/** By compactionstats and netstats. */
export function progressOf(
  verb: Pick<Verb, 'rows' | 'streams'>,
  answer: Partial<Pick<NodeAnswer, 'compactions' | 'netstats'>> | undefined,
): ShownProgress {
  const rows = (answer?.compactions?.running ?? []).filter(({ type }) => verb.rows?.test(type) === true);
  const streams = verb.streams ? (answer?.netstats?.streams ?? []) : [];
  const sessions = streams.flatMap((stream) => stream.sessions);
  const parts = sessions.flatMap(({ sending, receiving }) => [sending ?? [], receiving ?? []].flat());
  const done = parts.reduce((sum, { doneBytes }) => sum + doneBytes, 0);
  const all = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const texts = [
    ...rows.map(({ type, keyspace, table, percent }) => `${type} of ${keyspace}.${table}${percentText(percent)}`),
    ...(streams.length === 0 ? [] : [`streams${percentText(all === 0 ? undefined : (100 * done) / all)}`]),
  ];
  return {
    isAtWork: rows.length + streams.length > 0,
    text: texts.slice(0, 3).join(', '),
    measure: [...rows.map(({ id, completed }) => `${id} ${completed}`), done, answer?.compactions?.pending ?? 0],
  };
}

const percentText = (percent: number | undefined): string =>
  percent === undefined || !Number.isFinite(percent) ? '' : ` ${Math.floor(percent)} %`;
