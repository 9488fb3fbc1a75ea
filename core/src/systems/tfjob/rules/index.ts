import type { Rule } from '#core/lint/rules/rule.ts';
import { incompleteJob } from '#core/systems/tfjob/rules/TFJ01-incomplete-job.ts';
import { tensorflowContainer } from '#core/systems/tfjob/rules/TFJ02-tensorflow-container.ts';
import { chiefAndMaster } from '#core/systems/tfjob/rules/TFJ03-chief-and-master.ts';
import { unknownRole } from '#core/systems/tfjob/rules/TFJ04-unknown-role.ts';
import { roleCounts } from '#core/systems/tfjob/rules/TFJ05-role-counts.ts';
import { restartPolicy } from '#core/systems/tfjob/rules/TFJ06-restart-policy.ts';
import { runPolicy } from '#core/systems/tfjob/rules/TFJ07-run-policy.ts';
import { flatPoliciesRule } from '#core/systems/tfjob/rules/TFJ08-flat-policies.ts';
import { removedVersion } from '#core/systems/tfjob/rules/TFJ09-removed-version.ts';
import { managedBy } from '#core/systems/tfjob/rules/TFJ10-managed-by.ts';
import { runtimeKind } from '#core/systems/tfjob/rules/TFJ12-runtime-kind.ts';
import { reservedEnvironment } from '#core/systems/tfjob/rules/TFJ14-reserved-environment.ts';
import { replicaNames } from '#core/systems/tfjob/rules/TFJ15-replica-names.ts';
import { patchManager } from '#core/systems/tfjob/rules/TFJ16-patch-manager.ts';

/** What the Kubeflow Training Operator, Trainer and TensorFlow demand of jobs. */
export const tfjobRules: readonly Rule[] = [
  incompleteJob,
  tensorflowContainer,
  chiefAndMaster,
  unknownRole,
  roleCounts,
  restartPolicy,
  runPolicy,
  flatPoliciesRule,
  removedVersion,
  managedBy,
  runtimeKind,
  reservedEnvironment,
  replicaNames,
  patchManager,
];
