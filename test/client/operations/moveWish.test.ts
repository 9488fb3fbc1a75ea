import { describe, expect, it, vi } from 'vitest';
import type { Asker } from '#client/operations/asker.ts';
import { askMove } from '#client/operations/wishes/move.ts';
import { clusterOf, memberOf, podOf } from '#test/support/liveViews.ts';

vi.mock('vscode', () => ({}));

/** Chooses by label, in order; undefined gives up. */
function answering(...labels: readonly (string | undefined)[]): Asker {
  const rest = [...labels];
  const unexpected = (): never => {
    throw new Error('Something else was asked.');
  };
  return {
    pick: async (_title, choices) => {
      if (rest.length === 0) return unexpected();
      const label = rest.shift();
      return choices.find((choice) => choice.label === label)?.value;
    },
    pickMany: unexpected,
    input: unexpected,
  };
}

describe('what is asked for a move off a node', () => {
  const pods = [
    memberOf('etl-driver', { role: 'driver', pod: podOf('etl-driver', { node: 'node-1' }) }),
    memberOf('etl-exec-1', { role: 'executor', pod: podOf('etl-exec-1', { node: 'node-2' }) }),
    memberOf('etl-exec-0', { role: 'executor', pod: podOf('etl-exec-0', { node: 'node-2', phase: 'Succeeded' }) }),
  ];
  const job = clusterOf('etl', { system: 'spark', members: pods });
  const wish = { node: 'node-2', emptyDir: 'keep', unmovable: 'refuse', only: [`${job.namespace}/etl-exec-1`] };

  it('of an executor is nothing, of a job which pod', async () => {
    expect(await askMove({ data: job, member: 'etl-exec-1' }, answering())).toEqual(wish);
    expect(await askMove({ data: job, member: undefined }, answering('etl-exec-1'))).toEqual(wish);
    expect(await askMove({ data: job, member: undefined }, answering(undefined))).toBeUndefined();
    const broker = memberOf('orders-1', { pod: podOf('orders-1', { node: 'node-1' }) });
    const orders = clusterOf('orders', { members: [broker] });
    expect(await askMove({ data: orders, member: 'orders-1' }, answering())).toMatchObject({
      node: 'node-1',
      only: [`${orders.namespace}/orders-1`],
    });
  });

  it('of a driver is what is to be done, and nothing is agreed to unasked', async () => {
    const driver = { data: job, member: 'etl-driver' };
    expect(await askMove(driver, answering('Only plan it'))).toMatchObject({ node: 'node-1', unmovable: 'refuse' });
    expect(await askMove(driver, answering('Wait for its end'))).toMatchObject({ unmovable: 'wait' });
    expect(await askMove(driver, answering('Evict it'))).toMatchObject({ unmovable: 'evict' });
    expect(await askMove(driver, answering(undefined))).toBeUndefined();
  });

  it('is refused for what is on no node', async () => {
    await expect(askMove({ data: job, member: 'etl-exec-0' }, answering())).rejects.toThrow('is on no Kubernetes node');
  });
});
