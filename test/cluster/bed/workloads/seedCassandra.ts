import { openCql } from '../../support/cql.ts';
import type { Access } from '../kubectl.ts';

const statements = [
  `CREATE KEYSPACE IF NOT EXISTS shop
     WITH replication = {'class': 'NetworkTopologyStrategy', 'DC1-chicago': 3}`,
  'CREATE TABLE IF NOT EXISTS shop.orders (id int PRIMARY KEY, item text)',
];
const rows = 100;

/** A keyspace with three replicas and some rows, by the driver that applications use. */
export async function seedCassandra(access: Access): Promise<void> {
  const session = await openCql(access, 'cassandra-0');
  try {
    for (const statement of statements) await session.execute(statement);
    for (let id = 1; id <= rows; id += 1) {
      await session.execute('INSERT INTO shop.orders (id, item) VALUES (?, ?)', [id, `item ${id}`]);
    }
  } finally {
    await session.close();
  }
}
