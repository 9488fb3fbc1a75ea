import { nodeAffinity } from '#core/kubernetes/rules/scheduling/SCH01-node-affinity.ts';
import { podAffinity } from '#core/kubernetes/rules/scheduling/SCH02-pod-affinity.ts';
import { tolerations } from '#core/kubernetes/rules/scheduling/SCH03-tolerations.ts';
import { topologySpread } from '#core/kubernetes/rules/scheduling/SCH04-topology-spread.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** Rules about where a pod may run. */
export const schedulingRules: readonly Rule[] = [nodeAffinity, podAffinity, tolerations, topologySpread];
