import { describe, expect, it } from 'vitest';
import { kafkaOperations } from '#core/systems/kafka/operations/index.ts';
import { cluster } from '../../../support/kafkaCluster.ts';
import { Koperator } from './koperatorOperator.ts';
import { Strimzi } from './strimziOperator.ts';

const names = ['restart', 'drain', 'rebalance', 'scale', 'configure'];

describe('what is offered', () => {
  it('without an operator: everything', () => {
    expect(kafkaOperations.offers(cluster()).map(({ operation }) => operation)).toEqual(names);
  });

  it.each([
    ['Strimzi', () => new Strimzi().kafka.data()],
    ['Koperator', () => new Koperator().kafka.data()],
  ])('with %s: what it can be asked for, and why not the rest', async (_, read) => {
    const offers = kafkaOperations.offers(await read());
    expect(offers.map(({ operation }) => operation)).toEqual(names);
    const refused = offers.filter(({ refusal }) => refusal !== undefined).map(({ operation }) => operation);
    expect(refused).toEqual(['scale', 'configure']);
  });

  it('of an operator that is not known here: nothing, with the reason', () => {
    const offers = kafkaOperations.offers({ ...cluster(), flavour: 'krallistic' });
    expect(offers.every(({ refusal }) => refusal !== undefined)).toBe(true);
  });
});
