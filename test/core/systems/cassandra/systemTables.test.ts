import { describe, expect, test } from 'vitest';
import type { CqlConnection } from '#core/live/cql.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { readSystemTable, type SystemTable } from '#core/systems/cassandra/systemTables.ts';

/** A node that has some tables. */
function nodeWith(...names: readonly string[]): { readonly connection: CqlConnection; readonly asked: string[] } {
  const asked: string[] = [];
  const connection: CqlConnection = {
    offers: {},
    isEncrypted: false,
    stop: () => undefined,
    query: async (statement) => {
      asked.push(statement);
      if (names.some((name) => statement === `SELECT * FROM ${name}`)) return [{ key: 'local' }];
      throw new ClusterProblem('invalid', 'table does not exist');
    },
  };
  return { connection, asked };
}

describe('system tables of a node', () => {
  test.each<[SystemTable, string, string | undefined]>([
    ['local', '3.11.19', 'system.local'],
    ['peers', '3.11.19', 'system.peers'],
    ['peers', '4.0.19', 'system.peers_v2'],
    ['clients', '3.11.19', undefined],
    ['settings', '4.0.19', 'system_views.settings'],
    ['hints', '4.0.19', undefined],
    ['hints', '4.1.10', 'system_views.pending_hints'],
    ['snapshots', '4.1.10', undefined],
    ['snapshots', '5.0.9', 'system_views.snapshots'],
    ['snapshots', '10.0', 'system_views.snapshots'],
    ['snapshots', '', 'system_views.snapshots'],
  ])('%s of %s is %s', async (table, version, name) => {
    const { connection, asked } = nodeWith(...(name === undefined ? [] : [name]));
    const rows = await readSystemTable(connection, table, version);
    expect(rows).toEqual(name === undefined ? undefined : [{ key: 'local' }]);
    expect(asked).toEqual(name === undefined ? [] : [`SELECT * FROM ${name}`]);
  });

  test('what a node has not although its version should is not there, and any other problem is one', async () => {
    expect(await readSystemTable(nodeWith().connection, 'snapshots', '')).toBeUndefined();
    const { connection } = nodeWith();
    const query = (): Promise<never> => Promise.reject(new ClusterProblem('unauthenticated', 'a login is wanted'));
    await expect(readSystemTable({ ...connection, query }, 'local', '5.0.9')).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
  });
});
