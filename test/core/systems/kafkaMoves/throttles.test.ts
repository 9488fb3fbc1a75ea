import { describe, expect, test } from 'vitest';
import { CONFIG_BROKER, CONFIG_TOPIC } from '#core/systems/kafka/admin.ts';
import {
  changeToApply,
  changeToRestore,
  keyOf,
  readValues,
  wantedThrottles,
  writeValues,
  type Values,
  type Wanted,
} from '#core/systems/kafka/operations/moves/throttles.ts';

const list: Wanted = {
  type: CONFIG_TOPIC,
  name: 'orders',
  key: 'leader.replication.throttled.replicas',
  replicas: ['0:1', '0:2', '1:2'],
};
const rate: Wanted = { type: CONFIG_BROKER, name: '1', key: 'leader.replication.throttled.rate', rate: '5000' };

const at = (wanted: Wanted, value: string | undefined): Values =>
  new Map(value === undefined ? [] : [[keyOf(wanted), value]]);

const set = (wanted: Wanted, value: string) => ({ name: wanted.key, operation: 'set', value });
const unset = (wanted: Wanted) => ({ name: wanted.key, operation: 'delete', value: null });

describe('throttles', () => {
  test('are for the brokers and topics of copies only', () => {
    const moves = [
      { topic: 'orders', index: 0, before: [1, 2], after: [2, 3], bytes: 1 },
      { topic: 'orders', index: 1, before: [1, 2], after: [2, 1], bytes: 1 },
      { topic: 'quiet', index: 0, before: [4, 5], after: [5, 4], bytes: 1 },
    ];
    const wanted = wantedThrottles(moves, 5000);
    expect(wanted.filter(({ type }) => type === CONFIG_BROKER).map(({ name }) => name)).toEqual([
      '1',
      '1',
      '2',
      '2',
      '3',
      '3',
    ]);
    expect(wanted.filter(({ type }) => type === CONFIG_TOPIC)).toEqual([
      { ...list, replicas: ['0:1', '0:2'] },
      { ...list, key: 'follower.replication.throttled.replicas', replicas: ['0:3'] },
    ]);
    expect(wantedThrottles(moves.slice(1), 5000)).toEqual([]);
  });

  test.each<[string, Wanted, string | undefined, string | undefined]>([
    ['none', list, undefined, '0:1,0:2,1:2'],
    ['others', list, '7:7,0:2', '7:7,0:2,0:1,1:2'],
    ['all replicas', list, '*', undefined],
    ['these and others', list, '1:2,0:2,7:7,0:1', undefined],
    ['none', rate, undefined, '5000'],
    ['another rate', rate, '9000', '5000'],
    ['the same rate', rate, '5000', undefined],
  ])('are set over %s', (_, wanted, present, value) => {
    expect(changeToApply(wanted, at(wanted, present))).toEqual(value === undefined ? undefined : set(wanted, value));
  });

  test.each<[string, Wanted, string | undefined, string | undefined, string | null | undefined]>([
    ['nothing was there', list, undefined, '0:1,0:2,1:2', null],
    ['others were there', list, '7:7,0:2', '7:7,0:2,0:1,1:2', '7:7,0:2'],
    ['others came meanwhile', list, undefined, '0:1,0:2,1:2,8:8', '8:8'],
    ['others were there and came', list, '7:7', '7:7,0:1,0:2,1:2,8:8', '7:7,8:8'],
    ['all replicas were meant', list, '*', '*', undefined],
    ['somebody has made it all replicas', list, undefined, '*', undefined],
    ['somebody has taken it away', list, '7:7', undefined, undefined],
    ['a part was set when the runner died', list, undefined, '0:1', null],
    ['it is as before already', list, '7:7', '7:7', undefined],
    ['there was no rate', rate, undefined, '5000', null],
    ['there was a rate', rate, '9000', '5000', '9000'],
    ['somebody has set another rate', rate, '9000', '7000', undefined],
    ['the rate was the same', rate, '5000', '5000', undefined],
  ])('are put back when %s', (_, wanted, before, present, value) => {
    const change = changeToRestore(wanted, at(wanted, before), at(wanted, present));
    const expected = value === undefined ? undefined : value === null ? unset(wanted) : set(wanted, value);
    expect(change).toEqual(expected);
  });

  test('come back from the journal as they went in', () => {
    const values: Values = new Map([
      [keyOf(list), '0:1,1:2'],
      [keyOf(rate), '9000'],
      ['2 other follower.replication.throttled.replicas', '*'],
    ]);
    expect(readValues(writeValues(values))).toEqual(values);
    expect(readValues('nonsense')).toEqual(new Map());
  });
});
