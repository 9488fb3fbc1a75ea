import { expect, test } from 'vitest';
import { seededChance, shuffled } from './order.ts';

const items = ['a', 'b', 'c'] as const;

test('an order is the same for the same seed, and has everything once', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const order = shuffled(items, seededChance(seed));
    expect(order).toEqual(shuffled(items, seededChance(seed)));
    expect(order.toSorted()).toEqual([...items]);
  }
});

test('every order comes about as often as any other', () => {
  const chance = seededChance(1);
  const counts = new Map<string, number>();
  for (let time = 0; time < 6000; time += 1) {
    const order = shuffled(items, chance).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
