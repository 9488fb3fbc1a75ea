import { afterEach, describe, expect, test } from 'vitest';

import type { CqlAccess, CqlConnection } from '#core/live/cql.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { connectCql } from '#client/cluster/cql/connect.ts';
import { authority, certificate } from '../../support/fakeApiServer/certificates.ts';
import { forwardsTo, type FakeForwards } from '../../support/fakeBroker.ts';
import { short, startFakeCql, text, type FakeCql, type FakeCqlOptions } from '../../support/fakeCql.ts';

/** Long enough for a busy machine; what must not come is waited for more shortly. */
const limits = { connectMs: 8000, answerMs: 8000 };
const impatient = { connectMs: 8000, answerMs: 300 };
const where = { namespace: 'shop', pod: 'catalog-0', port: 9042 };
const login = { username: 'shop', password: 's3cret' };
const local = 'SELECT release_version, schema_version FROM system.local';
const VARCHAR = short(0x0d);

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

interface Setup {
  readonly server: FakeCql;
  readonly forwards: FakeForwards;
  readonly connect: (access?: Partial<CqlAccess>) => Promise<CqlConnection>;
}

async function setup(options: FakeCqlOptions = {}): Promise<Setup> {
  const server = await startFakeCql(options);
  open.push(() => server.close());
  const forwards = forwardsTo({ 'catalog-0': server.port });
  const connect = async (access: Partial<CqlAccess> = {}): Promise<CqlConnection> => {
    const connection = await connectCql({ ...where, ...access }, forwards.open, undefined, limits);
    open.push(() => connection.stop());
    return connection;
  };
  return { server, forwards, connect };
}

const tables = {
  [local]: {
    columns: [
      ['release_version', VARCHAR],
      ['schema_version', short(0x0c)],
    ],
    rows: [[Buffer.from('5.0.9'), Buffer.from('0123456789abcdef0123456789abcdef', 'hex')]],
  },
} as const satisfies FakeCqlOptions['tables'];

describe('a connection by CQL', () => {
  test('is made by one OPTIONS round trip, without a login', async () => {
    const { server, connect } = await setup({ login });
    const { offers, isEncrypted } = await connect();
    expect(offers).toMatchObject({ CQL_VERSION: ['3.4.7'], PROTOCOL_VERSIONS: ['3/v3', '4/v4', '5/v5', '6/v6-beta'] });
    expect(isEncrypted).toBe(false);
    expect(server.asked).toEqual([0x05]);
  });

  test('gives the rows of system tables, begins once, and asks one after the other', async () => {
    const { server, connect } = await setup({ tables });
    const connection = await connect();
    const rows = await Promise.all([connection.query(local), connection.query(local)]);
    const row = { release_version: '5.0.9', schema_version: '01234567-89ab-cdef-0123-456789abcdef' };
    expect(rows).toEqual([[row], [row]]);
    expect(server.asked).toEqual([0x05, 0x01, 0x07, 0x07]);
    await expect(connection.query('SELECT x FROM y')).rejects.toMatchObject({
      kind: 'invalid',
      message: 'CQL of catalog-0 at port 9042: the answer is an error: table does not exist',
    });
    expect(await connection.query(local)).toEqual([row]);
  });

  test('logs in when it is asked to, and says so when it cannot, without the password', async () => {
    const { server, connect } = await setup({ login, tables });
    expect(await (await connect({ credentials: login })).query(local)).toHaveLength(1);
    expect(server.passwords).toEqual(['s3cret']);
    await expect((await connect()).query(local)).rejects.toMatchObject({
      kind: 'unauthenticated',
      message: 'CQL of catalog-0 at port 9042: it wants a login, and none is known',
    });
    const wrong = await connect({ credentials: { ...login, password: 'hunter22' } });
    const failure: unknown = await wrong.query(local).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'unauthenticated' });
    expect(`${String(failure)} ${JSON.stringify(failure)}`).not.toContain('hunter22');
  });

  test('reads past warnings, traces and payloads that come before an answer', async () => {
    const bytes = Buffer.concat([
      Buffer.alloc(16),
      short(1),
      text('tombstones'),
      short(1),
      text('k'),
      Buffer.from([0, 0, 0, 1, 7]),
    ]);
    const { connect } = await setup({ tables, before: { flags: 0x02 | 0x08 | 0x04, bytes } });
    expect(await (await connect()).query(local)).toHaveLength(1);
  });
});

describe('a node that wants TLS', () => {
  test('is asked by it after plain text was refused', async () => {
    const { forwards, connect } = await setup({ tls: 'wanted', tables });
    const connection = await connect();
    expect(connection.isEncrypted).toBe(true);
    expect(await connection.query(local)).toHaveLength(1);
    expect(forwards.asked).toHaveLength(1);
  });

  test('is checked where an authority is known', async () => {
    const { connect } = await setup({ tls: 'wanted' });
    const trusted = await connect({ tls: { ca: authority, serverName: 'localhost' } });
    expect(trusted.isEncrypted).toBe(true);
    await expect(connect({ tls: { ca: authority, serverName: 'catalog-0.shop' } })).rejects.toMatchObject({
      kind: 'certificate',
    });
  });

  test('and a certificate of the client gets one, or says that it wants one', async () => {
    const { connect, forwards } = await setup({ tls: 'with a certificate of the client' });
    expect(
      (await connect({ tls: { ca: authority, serverName: 'localhost', ...certificate('client') } })).isEncrypted,
    ).toBe(true);
    await expect(connect()).rejects.toMatchObject({
      kind: 'certificate',
      message: expect.stringMatching(/^CQL of catalog-0 at port 9042 wants a certificate of a client/) as unknown,
    });
    expect(forwards.openCount()).toBe(1);
  });
});

describe('versions of the protocol', () => {
  test.each([
    { versions: [3, 3], title: 'a node that takes only an older one is asked by that' },
    { versions: [2, 4], title: 'one that takes ours is asked by it' },
  ] as const)('$title', async ({ versions }) => {
    const { connect } = await setup({ versions, tables });
    expect(await (await connect()).query(local)).toHaveLength(1);
  });

  test('a node that takes only newer ones answers OPTIONS, and is not asked for rows', async () => {
    const { connect } = await setup({ versions: [5, 6], tables });
    const connection = await connect();
    expect(connection.offers['CQL_VERSION']).toEqual(['3.4.7']);
    await expect(connection.query(local)).rejects.toMatchObject({ kind: 'absent' });
  });
});

describe('what is not there', () => {
  test('a port that is closed', async () => {
    const { server, connect, forwards } = await setup();
    await server.close();
    open.length = 0;
    await expect(connect()).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'CQL of catalog-0 at port 9042 closed the connection without an answer; CQL is not open there.',
    });
    expect(forwards.openCount()).toBe(0);
  });

  test('what the other end of the tunnel tells is told, and nothing more is tried', async () => {
    const { server, forwards } = await setup({ instead: () => 'close' });
    const told = new ClusterProblem('unreachable', 'Port 9042 of catalog-0 cannot be reached: connection refused');
    const refusing: typeof forwards.open = async (request) => ({
      ...(await forwards.open(request)),
      onDidRefuse: (listener) => {
        listener(told);
        return { stop: () => undefined };
      },
    });
    await expect(connectCql(where, refusing, undefined, limits)).rejects.toThrow(told.message);
    expect(server.asked.length).toBeLessThan(2);
  });

  test('a tunnel that is not permitted', async () => {
    const forbidden = new ClusterProblem('forbidden', 'You may not forward ports.');
    await expect(connectCql(where, () => Promise.reject(forbidden), undefined, limits)).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });

  test('a tunnel that comes too late is closed', async () => {
    const { forwards } = await setup();
    let arrive = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const slow: typeof forwards.open = async (request) => {
      await late;
      return forwards.open(request);
    };
    await expect(connectCql(where, slow, undefined, { ...limits, connectMs: 30 })).rejects.toMatchObject({
      kind: 'unreachable',
    });
    arrive();
    await expect.poll(() => [forwards.asked.length, forwards.openCount()]).toEqual([1, 0]);
  });

  test('an answer that does not come, and one that nobody wants any more', async () => {
    const { forwards } = await setup({ instead: () => 'silence' });
    await expect(connectCql(where, forwards.open, undefined, impatient)).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'CQL of catalog-0 at port 9042: no answer came within 0.3 seconds',
    });
    const cancellation = { isCancellationRequested: false };
    const asked = connectCql(where, forwards.open, cancellation, limits);
    cancellation.isCancellationRequested = true;
    await expect(asked).rejects.toMatchObject({ kind: 'cancelled' });
    expect(forwards.openCount()).toBe(0);
  });

  test('a connection that is stopped answers nothing more', async () => {
    const { connect, server, forwards } = await setup({ tables });
    const connection = await connect();
    connection.stop();
    connection.stop();
    await expect(connection.query(local)).rejects.toMatchObject({ kind: 'cancelled' });
    expect([forwards.openCount(), server.asked]).toEqual([0, [0x05]]);
  });
});
