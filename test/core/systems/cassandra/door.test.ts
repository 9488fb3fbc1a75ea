import { describe, expect, test } from 'vitest';
import { ClusterProblem, type ExecRequest, type ExecResult } from '#core/live/ports.ts';
import { questions, RingDoor } from '#core/systems/cassandra/operations/door.ts';
import { askHandoffs } from '#core/systems/cassandra/operations/handoff.ts';
import { execCluster } from '#test/core/systems/cassandra/execCluster.ts';
import { podOf, podsOf, setOf, stateOf } from '#test/core/systems/cassandra/objects.ts';

const set = setOf('cassandra');
const containers = new Map(['cassandra-0', 'cassandra-1', 'cassandra-2'].map((name) => [name, 'cassandra']));

/** What the script prints for commands that end well. */
function printed(answers: Readonly<Record<string, string>>): ExecResult {
  const stdout = Object.entries(answers)
    .map(([name, text]) => `\n@@begin ${name}@@\n${text}\n@@error ${name}@@\n\n@@end ${name} 0@@\n`)
    .join('');
  return { exitCode: 0, stdout, stderr: '', isCut: false };
}

const doorTo = (exec: (request: ExecRequest) => ExecResult): RingDoor =>
  new RingDoor(
    execCluster(async (request) => exec(request)),
    containers,
  );

describe('the door to the nodes of a ring', () => {
  test('one exec a node, in the container of Cassandra, whatever the number of commands', async () => {
    const asked: ExecRequest[] = [];
    const door = doorTo((request) => {
      asked.push(request);
      return printed({ netstats: 'Mode: NORMAL\nNot sending any streams.' });
    });
    const answers = await door.askAll(podsOf(set), [questions.netstats, questions.status]);
    expect(answers.map(({ member, netstats }) => [member, netstats?.mode])).toEqual([
      ['cassandra-0', 'NORMAL'],
      ['cassandra-1', 'NORMAL'],
      ['cassandra-2', 'NORMAL'],
    ]);
    expect(asked.map(({ pod, container }) => `${pod} ${container}`).toSorted()).toEqual([
      'cassandra-0 cassandra',
      'cassandra-1 cassandra',
      'cassandra-2 cassandra',
    ]);
  });

  test('a pod in which nothing runs is not asked, and one that is gone has no answer', async () => {
    const door = doorTo(() => {
      throw new ClusterProblem('server', 'container not found');
    });
    const waiting = podOf(set, 0, { states: [stateOf({ state: 'waiting' })] });
    expect(await door.run(waiting, [questions.info])).toBeUndefined();
    expect(await door.ask(podOf(set, 1), [questions.info])).toBeUndefined();
  });

  test('what holds for all nodes is no answer of one', async () => {
    const door = doorTo(() => {
      throw new ClusterProblem('forbidden', 'no exec');
    });
    await expect(door.askAll(podsOf(set), [questions.info])).rejects.toThrow('no exec');
  });

  test('whether writes are kept for others', async () => {
    const texts: Readonly<Record<string, ExecResult>> = {
      'cassandra-0': printed({ handoff: 'Hinted handoff is running', window: 'Current max hint window: 60000 ms' }),
      'cassandra-1': printed({ handoff: 'Hinted handoff is not running' }),
      'cassandra-2': printed({ handoff: 'nodetool: what?' }),
    };
    const handoffs = await askHandoffs(
      doorTo(({ pod }) => texts[pod] ?? printed({})),
      podsOf(set),
    );
    expect(handoffs).toEqual([
      { member: 'cassandra-0', isOn: true, windowMs: 60_000 },
      { member: 'cassandra-1', isOn: false, windowMs: undefined },
      { member: 'cassandra-2', isOn: undefined, windowMs: undefined },
    ]);
  });

  test('ranges of keyspaces, without those that are not told', async () => {
    const range =
      'TokenRange(start_token:1, end_token:2, endpoints:[10.1.0.10, 10.1.0.11], rpc_endpoints:[a], endpoint_details:[])';
    const door = doorTo(() => printed({ ring0: `Schema Version:x\nTokenRange: \n\t${range}`, ring1: '' }));
    const ranges = await door.ranges(podOf(set, 0), ['shop', 'other']);
    expect([...ranges]).toEqual([['shop', [{ start: '1', end: '2', addresses: ['10.1.0.10', '10.1.0.11'] }]]]);
  });
});
