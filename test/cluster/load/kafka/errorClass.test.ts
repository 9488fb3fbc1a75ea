import { NetworkError, ResponseError, TimeoutError } from '@platformatic/kafka';
import { describe, expect, test } from 'vitest';
import { classifyKafkaError, isRetriable, protocolErrorName } from './errorClass.ts';

const systemError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

describe('errors of a Kafka client', () => {
  test.each([
    ['an answer with an error code', new ResponseError(0, 11, { '/x': [19, null] }, {}), 'NOT_ENOUGH_REPLICAS'],
    [
      'a port that nobody listens on',
      new NetworkError('failed', { cause: systemError('ECONNREFUSED') }),
      'connection refused',
    ],
    ['a connection that was lost', new NetworkError('Connection closed'), 'connection lost'],
    ['a request without answer', new TimeoutError('Request timed out'), 'request timeout'],
    ['an address that swallows packets', new TimeoutError('Connection to 10.0.0.1:9092 timed out.'), 'connect timeout'],
    ['a name that is gone', systemError('ENOTFOUND'), 'name unknown'],
    ['something else', new Error('boom'), 'other: boom'],
    ['no error at all', 'boom', 'other'],
  ])('%s', (_, error, expected) => {
    expect(classifyKafkaError(error)).toBe(expected);
  });

  test('codes have the names of the protocol', () => {
    expect([6, 7, 20, 9999].map(protocolErrorName)).toEqual([
      'NOT_LEADER_OR_FOLLOWER',
      'REQUEST_TIMED_OUT',
      'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
      'ERROR_9999',
    ]);
  });

  test('what a later attempt may mend is tried again, what it cannot is not', () => {
    expect(['NOT_ENOUGH_REPLICAS', 'no leader', 'connect timeout'].every(isRetriable)).toBe(true);
    expect(['MESSAGE_TOO_LARGE', 'other: boom'].some(isRetriable)).toBe(false);
  });
});
