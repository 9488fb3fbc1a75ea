import { errors } from 'cassandra-driver';
import { describe, expect, test } from 'vitest';
import { classifyCqlError } from './errorClass.ts';

describe('errors of the CQL driver', () => {
  test.each([
    ['too few replicas known to be up', new errors.ResponseError(0x1000, 'x'), 'unavailable'],
    ['replicas that did not answer in time', new errors.ResponseError(0x1100, 'x'), 'write timeout'],
    ['a code that nobody explains', new errors.ResponseError(0x7777, 'x'), 'response 0x7777'],
    ['no answer at all', new errors.OperationTimedOutError('x'), 'client timeout'],
    ['a drain that cuts the connection', new Error('Socket was closed'), 'connection lost'],
    ['a refused connection', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'connection lost'],
    ['something else', new Error('boom'), 'other: boom'],
  ])('%s', (_, error, expected) => {
    expect(classifyCqlError(error)).toBe(expected);
  });

  test('when no host served, the reasons of all that were tried are named once', () => {
    const inner = {
      '10.0.0.1:9042': new errors.ResponseError(0x1000, 'x'),
      '10.0.0.2:9042': new Error('Socket was closed'),
      '10.0.0.3:9042': new Error('Socket was closed'),
    };
    expect(classifyCqlError(new errors.NoHostAvailableError(inner))).toBe('no host (connection lost, unavailable)');
    expect(classifyCqlError(new errors.NoHostAvailableError({}))).toBe('no host (none tried)');
  });
});
