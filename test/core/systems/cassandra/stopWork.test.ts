import { expect, test } from 'vitest';
import { RingDoor } from '#core/systems/cassandra/operations/door.ts';
import { stoppedNotes, stopWork } from '#core/systems/cassandra/operations/tending/stopWork.ts';
import { verbs } from '#core/systems/cassandra/operations/tending/verbs.ts';
import { execCluster } from '#test/core/systems/cassandra/execCluster.ts';
import { podOf, setOf } from '#test/core/systems/cassandra/objects.ts';

const pod = podOf(setOf('cassandra'), 0);
const id = (digit: number): string => `${String(digit).repeat(8)}-0000-1000-8000-000000000000`;
const row = (digit: number, type: string): string => `${id(digit)} ${type} shop orders 25 100 bytes 25.00%`;

/** Stops that a node was told, and what is said of them; its nodetool refuses ids, or takes them. */
async function stopped(rows: readonly string[], others: readonly string[] = [], refusal = ''): Promise<unknown> {
  const told: string[] = [];
  const cluster = execCluster(({ command }) => {
    const asks = [...(command.at(-1) ?? '').matchAll(/^ask (\w+) (.*)$/gm)];
    const answer = ([, name = '', args = '']: readonly string[]): string => {
      if (args.includes("'stop'")) told.push(args.replaceAll("'", ''));
      const isRefused = refusal !== '' && args.includes('-id');
      const text = name === 'compactions' ? `pending tasks: 1\n\n${rows.join('\n')}` : '';
      return `\n@@begin ${name}@@\n${isRefused ? refusal : text}\n@@error ${name}@@\n\n@@end ${name} ${isRefused ? 1 : 0}@@\n`;
    };
    return Promise.resolve({ exitCode: 0, stdout: asks.map(answer).join(''), stderr: '', isCut: false });
  });
  const door = new RingDoor(cluster, new Map([['cassandra-0', 'cassandra']]));
  const found = await stopWork(door, pod, verbs.cleanup, others);
  return [told, stoppedNotes('cassandra-0', verbs.cleanup, [found, found])];
}

test('work of the kind is ended by its id, and nothing else', async () => {
  const rows = [row(1, 'Cleanup'), row(2, 'Compaction'), row(3, 'Validation')];
  expect(await stopped(rows)).toEqual([
    [`stop -id ${id(1)}`],
    ['1 compaction of cassandra-0 was stopped by id, and no other'],
  ]);
});

test('what ran before the command was begun goes on', async () => {
  expect(await stopped([row(1, 'Cleanup'), row(4, 'Cleanup')], [id(1)])).toMatchObject([[`stop -id ${id(4)}`], {}]);
  expect(await stopped([row(1, 'Cleanup')], [id(1)])).toEqual([[], []]);
});

test('a nodetool that knows no ids ends everything of the type, and this is said', async () => {
  const refusal = "nodetool: Found unexpected parameters: [-id]\nSee 'nodetool help' or 'nodetool help <command>'.";
  expect(await stopped([row(1, 'Cleanup')], [], refusal)).toEqual([
    [`stop -id ${id(1)}`, 'stop -- CLEANUP'],
    ['nodetool of cassandra-0 knows no ids: everything of the type CLEANUP was stopped there, whoever had begun it'],
  ]);
});
