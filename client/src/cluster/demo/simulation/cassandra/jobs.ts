import { nodetool, type RunningCommand } from './nodetool.ts';
import type { CassandraKeyspace, RingNode, RingSimulation } from './ring.ts';
import { rangesOf } from './tables.ts';

const said = (stdout: string, takesMs = 100): RunningCommand => ({
  takesMs,
  finish: () => ({ exitCode: 0, stdout, stderr: '' }),
});

/** Ten times what the node holds. */
const DISK_SHARE = 10;

/**
 * The scripts that begin a long command, look at one, and look at the disk; undefined for any other script. Words of a command have no
 * blanks here.
 */
export function runJobScript(
  ring: RingSimulation,
  node: RingNode,
  script: string,
  now: number,
): RunningCommand | undefined {
  const [, word = '', token = '', rest = ''] = /^(begin|look|room|files|ends) (\S+)(.*)$/m.exec(script) ?? [];
  if (word === 'room') return said(diskText(node));
  if (word === 'files') return said(filesText(ring, node));
  if (word === 'ends') return said(endsText(ring, node));
  if (word === 'begin') return begin(ring, node, token, rest.match(/[^\s']+/g) ?? [], now);
  return word === 'look' ? { takesMs: 100, finish: (at) => jobText(node, token, at) } : undefined;
}

function begin(
  ring: RingSimulation,
  node: RingNode,
  token: string,
  args: readonly string[],
  now: number,
): RunningCommand {
  if (!ring.isJmxOpen(node, now)) return said('');
  if (!node.jobs.has(token)) {
    const running = nodetool(ring, node, args, now);
    node.jobs.set(token, { command: args[0] ?? '', endsAt: now + running.takesMs, finish: (at) => running.finish(at) });
  }
  return { takesMs: 350, finish: (at) => jobText(node, token, at) };
}

function jobText(node: RingNode, token: string, now: number): ReturnType<RunningCommand['finish']> {
  const job = node.jobs.get(token);
  const text = (state: string, words: string): string => `\n@@job ${state}@@\n${words}\n@@over@@\n`;
  if (job === undefined) return { exitCode: 0, stdout: text('absent', ''), stderr: '' };
  if (now < job.endsAt) return { exitCode: 0, stdout: text('running', ''), stderr: '' };
  const { exitCode, stdout, stderr } = job.finish(job.endsAt);
  return { exitCode: 0, stdout: text(`ended ${exitCode}`, `${stdout}${stderr}`), stderr: '' };
}

/** Three files of the first keyspace that is not of Cassandra itself. */
function filesText(ring: RingSimulation, { loadBytes }: RingNode): string {
  const rows = [1, 2, 3].map(
    (number) => `-rw-r--r-- 1 999 999 ${Math.round(loadBytes / 3)} Nov 26 00:00 ${fileOf(ring, number)}-Data.db`,
  );
  return ['@@files@@', ...rows, '@@over@@', ''].join('\n');
}

const keyspaceOf = ({ plan }: RingSimulation): CassandraKeyspace =>
  plan.keyspaces.find(({ name }) => !name.startsWith('system')) ?? { name: 'system_auth', replication: 1 };

const fileOf = (ring: RingSimulation, number: number): string =>
  `/var/lib/cassandra/data/${keyspaceOf(ring).name}/items-29a0/nb-${number}-big`;

/** What sstablemetadata tells of them: one is within a range, one goes from end to end, and one begins with what is not owned, if there is something. */
function endsText(ring: RingSimulation, node: RingNode): string {
  const { owned, others } = rangesOf(ring, node, keyspaceOf(ring).replication);
  const [first] = owned;
  const last = owned.at(-1);
  if (first === undefined || last === undefined) return '@@count 0@@\n@@over@@\n';
  const [foreign = first] = node.unownedBytes > 0 ? others : [];
  const spans = [first, { start: first.start, end: last.end }, foreign];
  const rows = spans.map(
    ({ start, end }, index) =>
      `SSTable: ${fileOf(ring, index + 1)}\nFirst token: ${start + 1n} (a)\nLast token: ${end} (z)`,
  );
  return ['@@count 3@@', ...rows, '@@over@@', ''].join('\n');
}

function diskText({ loadBytes }: RingNode): string {
  const size = Math.round((loadBytes * DISK_SHARE) / 1024);
  const used = Math.round(loadBytes / 1024);
  const largest = Math.round(loadBytes / 3);
  return [
    '@@disk@@',
    `/dev/sdb ${size} ${used} ${size - used} ${100 / DISK_SHARE}% /var/lib/cassandra`,
    '@@largest@@',
    `-rw-r--r-- 1 999 999 ${largest} Nov 26 00:00 /var/lib/cassandra/data/shop/orders/nb-1-big-Data.db`,
    '',
  ].join('\n');
}
