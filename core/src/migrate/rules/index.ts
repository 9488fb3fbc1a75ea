import type { Rule } from '#core/lint/rules/rule.ts';
import { strimziV1beta2 } from '#core/migrate/rules/MIG01-strimzi-v1beta2.ts';
import { endedOperator } from '#core/migrate/rules/MIG02-ended-operator.ts';
import { zookeeper } from '#core/migrate/rules/MIG03-zookeeper.ts';

/** What has become of projects and API versions. */
export const migrationRules: readonly Rule[] = [strimziV1beta2, endedOperator, zookeeper];
