import { errors } from 'cassandra-driver';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openLoadSession, type LoadSession, type Session } from './loadSession.ts';

/** Sessions of which each answers, or has lost every host; and a clock that a test moves. */
async function openFake() {
  const fake = { now: 0, opened: 0, shut: 0, isReachable: true, lost: new Set<number>() };
  const open = (): Promise<Session<string>> => {
    if (!fake.isReachable) return Promise.reject(new Error('No member of the ring has an address.'));
    const mine = fake.opened++;
    return Promise.resolve({
      execute: () =>
        fake.lost.has(mine) ? Promise.reject(new errors.NoHostAvailableError({})) : Promise.resolve('a row'),
      shutdown() {
        fake.shut += 1;
        return Promise.resolve();
      },
    });
  };
  return { fake, session: await openLoadSession(open, () => fake.now) };
}

async function fails({ execute }: LoadSession<string>): Promise<void> {
  await expect(execute('SELECT')).rejects.toThrow(errors.NoHostAvailableError);
  await turn();
}

test('a session that has lost every host for two seconds gives way to a new one, and every failure is told', async () => {
  const { fake, session } = await openFake();
  await session.execute('SELECT');
  fake.lost.add(0);
  await fails(session);
  fake.now = 1900;
  await fails(session);
  expect([fake.opened, session.reopened]).toEqual([1, 0]);
  fake.now = 2000;
  await fails(session);
  expect([fake.opened, session.reopened]).toEqual([2, 1]);
  await session.execute('SELECT');
  await session.close();
  expect(fake.shut).toBe(2);
});

test('while nothing can be reached it is tried again every two seconds, not at every failure', async () => {
  const { fake, session } = await openFake();
  fake.lost.add(0);
  await fails(session);
  fake.isReachable = false;
  for (fake.now = 2000; fake.now < 4000; fake.now += 100) await fails(session);
  fake.isReachable = true;
  await fails(session);
  expect([fake.opened, session.reopened]).toEqual([2, 1]);
  await session.close();
});

test('a host that answers in between, or another error, opens nothing', async () => {
  const { fake, session } = await openFake();
  for (fake.now = 0; fake.now < 10_000; fake.now += 1500) {
    fake.lost.add(0);
    await fails(session);
    fake.lost.clear();
    await session.execute('SELECT');
  }
  expect(session.reopened).toBe(0);
  await session.close();
});
