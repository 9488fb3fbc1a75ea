import { describe, expect, test } from 'vitest';
import { askKafka } from '#core/systems/kafka/admin.ts';
import type { Answer, Versions } from '../../support/fakeBroker.ts';
import { connect, metadata, newest } from '../../support/kafkaConnection.ts';

describe('logins', () => {
  const secured: Versions = { ...newest, 17: [0, 1], 36: [0, 2] };
  const access = { credentials: { mechanism: 'PLAIN', username: 'shop', password: 's3cret' } } as const;
  const handshake: Answer = (_, writer) =>
    writer.appendInt16(0).appendArray(['PLAIN'], (one, name) => one.appendString(name, false), false, false);
  const login =
    (said: string[], code: number): Answer =>
    ({ body }, writer) => {
      said.push(body.readBytes().toString());
      return writer
        .appendInt16(code)
        .appendString(code === 0 ? null : 'no')
        .appendBytes(Buffer.alloc(0))
        .appendInt64(0n)
        .appendTaggedFields();
    };

  test('a password is given before anything is asked', async () => {
    const said: string[] = [];
    const { connection } = await connect({ 3: metadata, 17: handshake, 36: login(said, 0) }, secured, access);
    expect((await askKafka(connection, 0, 'Metadata', {})).clusterId).toBe('c1d2');
    expect(said).toEqual(['\0shop\0s3cret']);
  });

  test('a refused password is told without it', async () => {
    const { connection, forwards } = await connect({ 3: metadata, 17: handshake, 36: login([], 58) }, secured, access);
    const failure = await askKafka(connection, 0, 'Metadata', {}).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ kind: 'unauthenticated' });
    expect(String(failure)).not.toContain('s3cret');
    expect(forwards.openCount()).toBe(0);
  });
});
