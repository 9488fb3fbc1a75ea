import type { Case } from '#test/agreement/cases/case.ts';
import { conditionCases } from '#test/agreement/cases/conditions.ts';
import { containerCases } from '#test/agreement/cases/containers.ts';
import { objectCases } from '#test/agreement/cases/objects.ts';
import { podCases } from '#test/agreement/cases/pods.ts';
import { schemaCases } from '#test/agreement/cases/schema.ts';

/** Every change of a base that the server judges, by entry of the catalogue. */
export const cases: readonly Case[] = [
  ...schemaCases,
  ...conditionCases,
  ...objectCases,
  ...containerCases,
  ...podCases,
];
