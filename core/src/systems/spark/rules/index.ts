import type { Rule } from '#core/lint/rules/rule.ts';
import { name } from '#core/systems/spark/rules/SPK01-name.ts';
import { mainClass } from '#core/systems/spark/rules/SPK02-main-class.ts';
import { image } from '#core/systems/spark/rules/SPK03-image.ts';
import { conflictingPlacement } from '#core/systems/spark/rules/SPK04-conflicting-placement.ts';
import { deniedSettings } from '#core/systems/spark/rules/SPK05-denied-settings.ts';
import { dynamicAllocation } from '#core/systems/spark/rules/SPK06-dynamic-allocation.ts';
import { memory } from '#core/systems/spark/rules/SPK07-memory.ts';
import { podMemory } from '#core/systems/spark/rules/SPK08-pod-memory.ts';
import { cores } from '#core/systems/spark/rules/SPK09-cores.ts';
import { restartPolicy } from '#core/systems/spark/rules/SPK10-restart-policy.ts';
import { driverIngress } from '#core/systems/spark/rules/SPK11-driver-ingress.ts';
import { outdatedFields } from '#core/systems/spark/rules/SPK12-outdated-fields.ts';
import { removedVersion } from '#core/systems/spark/rules/SPK13-removed-version.ts';
import { dynamicAllocationBySetting } from '#core/systems/spark/rules/SPK14-dynamic-allocation-by-setting.ts';
import { serviceAccount } from '#core/systems/spark/rules/SPK15-service-account.ts';
import { volumeMounts } from '#core/systems/spark/rules/SPK16-volume-mounts.ts';
import { schedule } from '#core/systems/spark/rules/SPK17-schedule.ts';
import { concurrencyPolicy } from '#core/systems/spark/rules/SPK18-concurrency-policy.ts';
import { scheduleName } from '#core/systems/spark/rules/SPK19-schedule-name.ts';
import { localDirectory } from '#core/systems/spark/rules/SPK20-local-directory.ts';
import { gpu } from '#core/systems/spark/rules/SPK21-gpu.ts';
import { lifecycle } from '#core/systems/spark/rules/SPK22-lifecycle.ts';
import { clientMode } from '#core/systems/spark/rules/SPK23-client-mode.ts';
import { driverRoutes } from '#core/systems/spark/rules/SPK24-driver-routes.ts';

/** What is demanded of applications by Spark and by its two operators. */
export const sparkRules: readonly Rule[] = [
  name,
  mainClass,
  image,
  conflictingPlacement,
  deniedSettings,
  dynamicAllocation,
  memory,
  podMemory,
  cores,
  restartPolicy,
  driverIngress,
  outdatedFields,
  removedVersion,
  dynamicAllocationBySetting,
  serviceAccount,
  volumeMounts,
  schedule,
  concurrencyPolicy,
  scheduleName,
  localDirectory,
  gpu,
  lifecycle,
  clientMode,
  driverRoutes,
];
